/** One request and its answer: paths, parameters, JSON and what went wrong. Not exported. */
@NullMarked
package dev.rollcall.client.rest;

import org.jspecify.annotations.NullMarked;
