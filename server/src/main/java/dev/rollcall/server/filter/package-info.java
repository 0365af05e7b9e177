/** The filter expression language: what a subscriber wants of what is published, decided on the server. */
@NullMarked
package dev.rollcall.server.filter;

import org.jspecify.annotations.NullMarked;
