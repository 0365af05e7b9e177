/**
 * The words of the wire: channels, user ids, timetokens, presence events, envelopes, error codes and limits, with their JSON
 * forms. Knows the JDK only; shared by the engines, the server and the client.
 */
@NullMarked
package dev.rollcall.protocol;

import org.jspecify.annotations.NullMarked;
