"""`python -m bot` is `tracewhy`."""

from bot.wiring import main

if __name__ == "__main__":
    main()
