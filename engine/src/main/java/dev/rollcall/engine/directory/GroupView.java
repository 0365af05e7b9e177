package dev.rollcall.engine.directory;

import dev.rollcall.protocol.ChannelGroup;

/**
 * A channel group.
 *
 * @param group its name
 * @param channels how many channels it has; -1 where that is not known
 */
public record GroupView(ChannelGroup group, int channels) {}
