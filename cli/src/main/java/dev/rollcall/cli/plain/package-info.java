/** Single requests in plain HTTP, on a socket: what makes a command start quickly. */
@NullMarked
package dev.rollcall.cli.plain;

import org.jspecify.annotations.NullMarked;
