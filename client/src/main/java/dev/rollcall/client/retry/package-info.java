/** How long to wait before the next attempt: small strategies without state. */
@NullMarked
package dev.rollcall.client.retry;

import org.jspecify.annotations.NullMarked;
