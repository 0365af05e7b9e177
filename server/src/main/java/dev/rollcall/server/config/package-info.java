/** Configuration: one name for the key in the file, the flag and the environment variable; defaults live here and nowhere else. */
@NullMarked
package dev.rollcall.server.config;

import org.jspecify.annotations.NullMarked;
