/** The gate between a route and the engine: may this request do that, there? */
@NullMarked
package dev.rollcall.server.access;

import org.jspecify.annotations.NullMarked;
