"""Exports of WeChat, by the tools that write them."""
