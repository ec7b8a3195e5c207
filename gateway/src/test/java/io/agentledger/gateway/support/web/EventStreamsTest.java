package io.agentledger.gateway.support.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.core.ResolvableType;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.http.codec.ServerSentEventHttpMessageWriter;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;
import reactor.core.publisher.Mono;

/** Server-sent events have the form of the streams of queries, for clients that read lines. */
class EventStreamsTest {
  private static String written(@Nullable String id) {
    var response = new MockServerHttpResponse();
    new ServerSentEventHttpMessageWriter()
        .write(
            Mono.just(EventStreams.event("status", id, "{\"a\":1}")),
            ResolvableType.forClass(ServerSentEvent.class),
            MediaType.TEXT_EVENT_STREAM,
            response,
            Map.of())
        .block();
    return DataBufferUtils.join(response.getBody())
        .map(buffer -> buffer.toString(StandardCharsets.UTF_8))
        .blockOptional()
        .orElseThrow();
  }

  @Test
  void fieldsHaveABlankBehindTheirColon() {
    assertThat(written("29").lines())
        .containsExactlyInAnyOrder("event: status", "id: 29", "data: {\"a\":1}", "");
    assertThat(written(null).lines())
        .containsExactlyInAnyOrder("event: status", "data: {\"a\":1}", "");
  }
}
