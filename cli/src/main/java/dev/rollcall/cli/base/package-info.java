/** What every verb is made of: its syntax, what it is called with, and how it fails. */
@NullMarked
package dev.rollcall.cli.base;

import org.jspecify.annotations.NullMarked;
