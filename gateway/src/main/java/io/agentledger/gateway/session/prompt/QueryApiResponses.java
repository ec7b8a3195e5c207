package io.agentledger.gateway.session.prompt;

import io.agentledger.api.session.query.QueryView;
import io.agentledger.api.session.stream.StreamItem;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Responses of an operation that sends a query, which {@link QueryResponseWriter} writes. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ApiResponse(
    responseCode = "200",
    description = "Stream of items; the data of each event is one item",
    content =
        @Content(
            mediaType = "text/event-stream",
            schema = @Schema(implementation = StreamItem.class)))
@ApiResponse(
    responseCode = "202",
    description = "Accepted; for requests that accept application/json only",
    content =
        @Content(
            mediaType = "application/json",
            schema = @Schema(implementation = QueryView.class)))
public @interface QueryApiResponses {}
