package dev.rollcall.server.operator;

import java.util.function.BooleanSupplier;

/**
 * Who asks the admin port, as far as is known.
 *
 * @param name for the audit log: {@code token}, {@code session:} and the name of the session, or {@code anybody} where no token is needed
 * @param standing whether what they were admitted by still stands; asked again and again while something is streamed to them
 */
public record Operator(String name, BooleanSupplier standing) {}
