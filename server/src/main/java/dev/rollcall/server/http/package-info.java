/** HTTP/1.1 and HTTP/2 on Netty: connections, framing, limits, TLS. Turns bytes into requests and responses into bytes, nothing else. */
@NullMarked
package dev.rollcall.server.http;

import org.jspecify.annotations.NullMarked;
