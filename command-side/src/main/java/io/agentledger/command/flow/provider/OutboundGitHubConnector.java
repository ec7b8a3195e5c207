package io.agentledger.command.flow.provider;

import io.agentledger.api.shared.OrderedCopy;
import io.agentledger.command.support.outbound.OutboundRequest;
import io.agentledger.command.support.outbound.OutboundResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Set;
import org.kohsuke.github.connector.GitHubConnector;
import org.kohsuke.github.connector.GitHubConnectorRequest;
import org.kohsuke.github.connector.GitHubConnectorResponse;

/**
 * Connector of the GitHub library that sends requests through the guarded client. Failures are
 * unchecked exceptions, because the library repeats requests itself after some checked ones, also
 * those that create something. Compressed responses are not accepted, because their size is
 * limited.
 */
final class OutboundGitHubConnector implements GitHubConnector {
  private static final Set<String> SKIPPED_HEADERS =
      Set.of("accept-encoding", "user-agent", "content-length", "host", "connection");

  private final ProviderRequests requests;

  OutboundGitHubConnector(ProviderRequests requests) {
    this.requests = requests;
  }

  @Override
  public GitHubConnectorResponse send(GitHubConnectorRequest request) throws IOException {
    var headers = new HashMap<String, String>();
    request
        .allHeaders()
        .forEach(
            (name, values) -> {
              if (!values.isEmpty() && !SKIPPED_HEADERS.contains(name.toLowerCase(Locale.ROOT)))
                headers.put(name, values.getLast());
            });
    return new ReceivedResponse(
        request,
        requests.send(
            new OutboundRequest(
                request.method(), request.url().toString(), headers, body(request))));
  }

  private static byte[] body(GitHubConnectorRequest request) throws IOException {
    try (var body = request.body()) {
      return body == null ? new byte[0] : body.readAllBytes();
    }
  }

  private static final class ReceivedResponse extends GitHubConnectorResponse.ByteArrayResponse {
    private final byte[] body;

    ReceivedResponse(GitHubConnectorRequest request, OutboundResponse response) {
      super(request, response.status(), OrderedCopy.of(response.headers()));
      this.body = response.body();
    }

    @Override
    protected InputStream rawBodyStream() {
      return new ByteArrayInputStream(body);
    }
  }
}
