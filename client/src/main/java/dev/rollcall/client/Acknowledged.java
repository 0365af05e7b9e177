package dev.rollcall.client;

/** The result of a call that has nothing to tell but that it was done. */
public record Acknowledged() {}
