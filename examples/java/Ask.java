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
 * With the Java client: opens a session with options, puts a file into its workspace, asks, decides
 * what comes up, follows the run to its end, and puts the session away.
 */
void main() {
  try (var service = AgentledgerClient.at(ClientConfig.find(System.getenv()))) {
    var sessions = service.sessions();
    var agent = new AgentOverrides(Effort.LOW, null, List.of("Read", "Write"), AgentSetup.NONE);
    var session = sessions.open(SessionDefinition.PLAIN.titled("A question").with(agent)).id();
    var words = sessions.files(session).write("in/words.txt", "one two three".getBytes());
    IO.println("put: " + words.path() + ", " + words.size() + " bytes");
    var prompt = new SessionInput.Prompt("scenario: ask-write", RunOverrides.NONE);
    var submitResult = sessions.submit(session, List.of(prompt));
    var reconnectPolicy =
        SessionEventStream.ReconnectPolicy.standard(why -> System.err.println("reconnecting: " + why));
    try (var sessionEventStream = sessions.stream(session, submitResult.after(), reconnectPolicy)) {
      for (var item = sessionEventStream.next(); item.isPresent(); item = sessionEventStream.next())
        switch (item.get().body()) {
          case StreamItem.Permission asked when asked.phase().equals("requested") -> {
            IO.println("asked for: " + asked.tool());
            sessions.submit(
                session,
                List.of(
                    new SessionInput.Decide(
                        asked.actionId(), Decision.ALLOW, asked.inputDigest(), null, null)));
          }
          case StreamItem.Result result -> {
            IO.println(result.stopReason() + " after " + result.numTurns() + " turns");
            IO.println("it is " + sessions.perform(session, SessionsClient.LifecycleAction.ARCHIVE).stage());
            return;
          }
          default -> {}
        }
    }
  }
}
