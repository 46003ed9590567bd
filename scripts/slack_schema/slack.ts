// What we send to Slack; the schema has a definition for each of these and for all that they mention.
import type { AnyChunk, HomeView, KnownBlock, MessageAttachment, MessageMetadata, ModalView } from "@slack/types";

export interface Sent {
  block: KnownBlock;
  chunk: AnyChunk;
  home: HomeView;
  modal: ModalView;
  metadata: MessageMetadata;
  attachment: MessageAttachment;
}
