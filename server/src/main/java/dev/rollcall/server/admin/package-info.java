/** The admin port: health, readiness, metrics, and the API by which operators see who is where, ask why, and take users off. */
@NullMarked
package dev.rollcall.server.admin;

import org.jspecify.annotations.NullMarked;
