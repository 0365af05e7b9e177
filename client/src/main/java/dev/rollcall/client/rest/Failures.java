package dev.rollcall.client.rest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.client.Category;
import dev.rollcall.client.RollcallException;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Turns what went wrong into a {@link RollcallException}. */
public final class Failures {
    private Failures() {}

    /** An exchange without an answer. */
    public static RollcallException ofExchange(ApiRequest<?> request, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof RollcallException already) {
            return already;
        }
        Category category = category(cause);
        boolean retryable = category != Category.TLS_UNTRUSTED_CERTIFICATE
                && category != Category.CANCELLED
                && category != Category.UNKNOWN;
        return RollcallException.builder(category, request.operation())
                .affecting(request.channels(), request.groups())
                .retryable(retryable)
                .cause(cause)
                .build();
    }

    private static Category category(Throwable failure) {
        if (failure instanceof CancellationException) {
            return Category.CANCELLED;
        }
        if (failure instanceof HttpTimeoutException) {
            return Category.TIMEOUT;
        }
        boolean tls = false;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException || cause instanceof CertPathValidatorException) {
                return Category.TLS_UNTRUSTED_CERTIFICATE;
            }
            tls |= cause instanceof SSLException;
        }
        if (tls) {
            return Category.TLS_CONNECTION_FAILED;
        }
        return failure instanceof IOException ? Category.NETWORK_ISSUES : Category.UNKNOWN;
    }

    /** An answer that is no JSON, or not the JSON that the protocol says. */
    public static RollcallException ofMalformed(ApiRequest<?> request, int httpStatus, Throwable cause) {
        return RollcallException.builder(Category.MALFORMED_RESPONSE, request.operation())
                .httpStatus(httpStatus)
                .affecting(request.channels(), request.groups())
                .retryable(true)
                .cause(cause)
                .build();
    }

    /** An answer that says no. */
    public static RollcallException ofAnswer(
            ApiRequest<?> request, int status, @Nullable JsonNode body, @Nullable Duration retryAfter) {
        String message = body == null ? null : message(body);
        List<String> channels = refused(body, "channels");
        List<String> groups = refused(body, "channel-groups");
        RollcallException.Builder builder = RollcallException.builder(category(status, message), request.operation());
        if (channels.isEmpty() && groups.isEmpty()) {
            builder.affecting(request.channels(), request.groups());
        } else {
            builder.refusing(channels, groups);
        }
        return builder.httpStatus(status)
                .ofService(isOfService(body))
                .serverMessage(message)
                .retryable(isRetryable(status))
                .retryAfter(retryAfter)
                .build();
    }

    /** Returns whether the service itself speaks, rather than something on the way to it. */
    private static boolean isOfService(@Nullable JsonNode body) {
        return body != null
                && (body.isArray()
                        || body.isObject()
                                && (body.has("message")
                                        || body.has("error")
                                        || body.has("payload")
                                        || body.has("status")));
    }

    private static Category category(int status, @Nullable String message) {
        if (status == 400 && message != null && message.contains("Filter syntax error")) {
            return Category.MALFORMED_FILTER_EXPRESSION;
        }
        return switch (status) {
            case 400 -> Category.BAD_REQUEST;
            case 401, 403 -> Category.ACCESS_DENIED;
            case 402 -> Category.FEATURE_OFF;
            case 408 -> Category.TIMEOUT;
            case 413 -> Category.PAYLOAD_TOO_LARGE;
            case 414 -> Category.URI_TOO_LONG;
            case 429 -> Category.RATE_LIMITED;
            default -> status >= 500 ? Category.SERVER_ERROR : Category.UNKNOWN;
        };
    }

    private static boolean isRetryable(int status) {
        return status == 408 || status == 429 || status >= 500 && status != 501 && status != 505;
    }

    /** Finds the text: at the top, under {@code error}, or as the second element of the array that publish answers with. */
    private static @Nullable String message(JsonNode body) {
        JsonNode text = body.isArray() ? body.path(1) : body.path("message");
        if (text.isMissingNode()) {
            text = body.path("error").path("message");
        }
        return text.isTextual() ? text.textValue() : null;
    }

    /** Returns the names a body refuses; groups come with a leading colon. */
    private static List<String> refused(@Nullable JsonNode body, String field) {
        if (body == null) {
            return List.of();
        }
        return Answers.strings(body.path("payload"), field).stream()
                .map(name -> name.startsWith(":") ? name.substring(1) : name)
                .toList();
    }
}
