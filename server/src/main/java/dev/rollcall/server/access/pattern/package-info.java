/**
 * Patterns of names in tokens: what they match, and whether they match every name that a wildcard stands for. Knows nothing of tokens.
 */
@NullMarked
package dev.rollcall.server.access.pattern;

import org.jspecify.annotations.NullMarked;
