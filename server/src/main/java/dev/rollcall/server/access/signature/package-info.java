/** Signatures of requests: what they cover, and what SDKs leave out. */
@NullMarked
package dev.rollcall.server.access.signature;

import org.jspecify.annotations.NullMarked;
