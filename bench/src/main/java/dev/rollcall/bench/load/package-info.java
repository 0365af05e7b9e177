/** The load generator: HTTP/1.1 clients on Netty that cost as little as possible. */
@NullMarked
package dev.rollcall.bench.load;

import org.jspecify.annotations.NullMarked;
