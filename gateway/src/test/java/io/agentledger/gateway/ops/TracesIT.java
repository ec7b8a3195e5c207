package io.agentledger.gateway.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.InvalidProtocolBufferException;
import io.agentledger.gateway.ApiTestServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The spans of a run by the real CLI, as an OTLP collector over HTTP receives them. */
class TracesIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(90);
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String CALLER = "00f067aa0ba902b7";
  private static final String NONCE = "kingfisher-7731";

  private static HttpReceiver collector;
  private static ApiTestServer server;

  @BeforeAll
  static void open(@TempDir Path home) throws IOException {
    collector = HttpReceiver.open(new byte[0]);
    server =
        ApiTestServer.openService(
            home,
            "--management.opentelemetry.tracing.export.otlp.endpoint=http://"
                + collector.address()
                + "/v1/traces",
            "--management.opentelemetry.tracing.export.schedule-delay=200ms");
  }

  @AfterAll
  static void close() {
    server.close();
    collector.close();
  }

  private static HttpResponse<String> submitQuery(String prompt) {
    return server.send(
        server
            .request("/api/v1/query/single")
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .header("traceparent", "00-" + TRACE + "-" + CALLER + "-01")
            .POST(BodyPublishers.ofString("{\"prompt\": \"" + prompt + "\"}")));
  }

  private static List<Span> spans() {
    return collector.posts().stream()
        .filter(post -> post.path().equals("/v1/traces"))
        .flatMap(post -> request(post.body()).getResourceSpansList().stream())
        .flatMap(resource -> resource.getScopeSpansList().stream())
        .flatMap(scope -> scope.getSpansList().stream())
        .filter(span -> hex(span.getTraceId().toByteArray()).equals(TRACE))
        .toList();
  }

  private static ExportTraceServiceRequest request(byte[] body) {
    try {
      return ExportTraceServiceRequest.parseFrom(body);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String hex(byte[] id) {
    return HexFormat.of().formatHex(id);
  }

  private static String id(Span span) {
    return hex(span.getSpanId().toByteArray());
  }

  private static String parent(Span span) {
    return hex(span.getParentSpanId().toByteArray());
  }

  private static Map<String, String> attributes(Span span) {
    return span.getAttributesList().stream()
        .collect(Collectors.toMap(a -> a.getKey(), a -> text(a.getValue())));
  }

  private static String text(AnyValue value) {
    return value.hasIntValue() ? Long.toString(value.getIntValue()) : value.getStringValue();
  }

  private static List<Span> operation(String name) {
    return spans().stream()
        .filter(span -> name.equals(attributes(span).get("gen_ai.operation.name")))
        .toList();
  }

  @Test
  void oneTraceLinksTheRequestItsCommandAndTheToolCallsOfItsRun() {
    var response = submitQuery("scenario: subagent\\n" + NONCE);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> {
              assertThat(operation("execute_tool")).hasSizeGreaterThanOrEqualTo(2);
              assertThat(operation("invoke_agent")).hasSize(2);
              assertThat(spans()).anyMatch(span -> parent(span).equals(CALLER));
            });
    var byId = spans().stream().collect(Collectors.toMap(TracesIT::id, span -> span));

    for (var call : operation("execute_tool")) {
      var names = new java.util.ArrayList<String>();
      Span at = call;
      while (at != null) {
        names.add(at.getName());
        if (parent(at).equals(CALLER)) break;
        at = byId.get(parent(at));
      }
      assertThat(at).as("no way from %s to the caller", names).isNotNull();
      assertThat(names).anyMatch(name -> name.startsWith("command "));
      assertThat(names).contains("invoke_agent");
      assertThat(names.getLast()).contains("/api/v1/query/single");
    }
    assertRunSpanHasModelAndTokens();
    assertSubagentSpanContainsItsTool();
    assertNoContentInSpans();
  }

  private static void assertRunSpanHasModelAndTokens() {
    var chats = operation("chat");
    assertThat(chats).hasSizeGreaterThanOrEqualTo(2);
    for (var chat : chats) {
      var output = attributes(chat);
      assertThat(output.get("gen_ai.request.model")).isNotEmpty();
      assertThat(output.get("gen_ai.provider.name")).isEqualTo("rehearsal");
      assertThat(Long.parseLong(output.get("gen_ai.usage.output_tokens"))).isPositive();
      assertThat(chat.getEndTimeUnixNano()).isGreaterThanOrEqualTo(chat.getStartTimeUnixNano());
    }
    var tool = attributes(operation("execute_tool").getFirst());
    assertThat(tool).containsKeys("gen_ai.tool.name", "gen_ai.tool.call.id");
  }

  private static void assertSubagentSpanContainsItsTool() {
    var subagent =
        operation("invoke_agent").stream()
            .filter(span -> attributes(span).containsKey("gen_ai.agent.name"))
            .findFirst()
            .orElseThrow();
    assertThat(operation("execute_tool")).anyMatch(call -> parent(call).equals(id(subagent)));
  }

  private static void assertNoContentInSpans() {
    for (var post : collector.posts())
      assertThat(new String(post.body(), StandardCharsets.ISO_8859_1))
          .doesNotContain(NONCE)
          .doesNotContain("I hand this to a helper")
          .doesNotContain("Count the files")
          .doesNotContain(server.key());
  }
}
