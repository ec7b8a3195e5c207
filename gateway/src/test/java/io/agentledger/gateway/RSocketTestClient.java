package io.agentledger.gateway;

import java.time.Duration;
import java.util.Map;
import org.springframework.http.codec.json.JacksonJsonEncoder;
import org.springframework.messaging.rsocket.RSocketRequester;
import org.springframework.messaging.rsocket.RSocketRequester.RequestSpec;
import org.springframework.security.rsocket.metadata.BearerTokenAuthenticationEncoder;
import org.springframework.security.rsocket.metadata.BearerTokenMetadata;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls a service over RSocket, by default with its owner's key. */
public final class RSocketTestClient implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofMinutes(3);
  private static final JsonMapper JSON = new JsonMapper();
  private static final MimeType AUTHENTICATION =
      MimeType.valueOf("message/x.rsocket.authentication.v0");

  private final RSocketRequester socket;
  private final String key;

  public RSocketTestClient(ApiTestServer server) {
    this(server, server.key());
  }

  /** Calls a service with another user's credential. */
  public RSocketTestClient(ApiTestServer server, String key) {
    this.key = key;
    this.socket =
        RSocketRequester.builder()
            .rsocketStrategies(
                all ->
                    all.encoder(new BearerTokenAuthenticationEncoder(), new JacksonJsonEncoder()))
            .dataMimeType(MimeTypeUtils.APPLICATION_JSON)
            .tcp("127.0.0.1", server.rsocketPort());
  }

  /** Creates a request for a route. */
  public RequestSpec route(String route) {
    return socket.route(route).metadata(new BearerTokenMetadata(key), AUTHENTICATION);
  }

  /** Sends an object and returns the single response. */
  public JsonNode request(String route, Map<String, Object> data) {
    return JSON.readTree(route(route).data(data).retrieveMono(String.class).block(TIMEOUT));
  }

  /** Sends an object and returns the bytes of the stream as text. */
  String requestText(String route, Map<String, Object> data) {
    return String.join(
        "", route(route).data(data).retrieveFlux(String.class).collectList().block(TIMEOUT));
  }

  @Override
  public void close() {
    socket.dispose();
  }
}
