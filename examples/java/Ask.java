import io.agentledger.api.session.AgentOverrides;
import io.agentledger.api.session.AgentOverrides.Effort;
import io.agentledger.api.session.AgentSetup;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.client.AgentledgerClient;
import io.agentledger.client.session.SessionDefinition;
import io.agentledger.client.session.SessionEventStream;
import io.agentledger.client.session.SessionInput;
import io.agentledger.client.session.SessionsClient;
import io.agentledger.client.support.ClientConfig;

/**
 * With the Java client: opens a session with options, writes a file into its workspace, sends a
 * prompt, allows permission requests, follows the run to its end, and archives the session.
 */
void main() {
  try (var service = AgentledgerClient.create(ClientConfig.fromEnvironment(System.getenv()))) {
    var sessions = service.sessions();
    var agent = new AgentOverrides(Effort.LOW, null, List.of("Read", "Write"), AgentSetup.NONE);
    var session = sessions.open(SessionDefinition.DEFAULT.withTitle("A question").with(agent)).id();
    var file = sessions.files(session).write("in/words.txt", "one two three".getBytes());
    IO.println("put: " + file.path() + ", " + file.sizeBytes() + " bytes");
    var prompt = new SessionInput.Prompt("scenario: ask-write", RunOverrides.NONE);
    var submitResult = sessions.submit(session, List.of(prompt));
    var reconnectPolicy =
        SessionEventStream.ReconnectPolicy.defaults(cause -> System.err.println("reconnecting: " + cause));
    try (var sessionEventStream = sessions.stream(session, submitResult.after(), reconnectPolicy)) {
      for (var item = sessionEventStream.next(); item.isPresent(); item = sessionEventStream.next())
        switch (item.get().body()) {
          case StreamItem.Permission request when request.phase().equals("requested") -> {
            IO.println("asked for: " + request.tool());
            sessions.submit(
                session,
                List.of(
                    new SessionInput.Decide(
                        request.actionId(), Decision.ALLOW, request.inputDigest(), null, null)));
          }
          case StreamItem.Result result -> {
            IO.println(result.stopReason() + " after " + result.numTurns() + " turns");
            IO.println("it is " + sessions.perform(session, SessionsClient.LifecycleAction.ARCHIVE).lifecycle());
            return;
          }
          default -> {}
        }
    }
  }
}
