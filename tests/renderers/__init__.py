"""Reports rendered: what people and programs see."""
