/** The form of requests: percent-encoding, query, signature, and what {@code Retry-After} means. Not exported. */
@NullMarked
package dev.rollcall.client.wire;

import org.jspecify.annotations.NullMarked;
