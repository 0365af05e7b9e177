/**
 * From a request to the engine and back: paths and queries taken apart, one route for each call of the protocol, answers in the exact
 * shapes its clients parse. {@link dev.rollcall.server.route.Router} is where to start reading.
 */
@NullMarked
package dev.rollcall.server.route;

import org.jspecify.annotations.NullMarked;
