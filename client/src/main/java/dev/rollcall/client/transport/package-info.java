/**
 * How requests travel and time passes: the {@link dev.rollcall.client.transport.Transport} that many clients may share, and its
 * implementation on the HTTP client of the JDK. Knows nothing of presence.
 */
@NullMarked
package dev.rollcall.client.transport;

import org.jspecify.annotations.NullMarked;
