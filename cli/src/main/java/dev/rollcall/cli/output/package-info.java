/** Tables, lines of JSON, colours and times; names are text and nothing else. */
@NullMarked
package dev.rollcall.cli.output;

import org.jspecify.annotations.NullMarked;
