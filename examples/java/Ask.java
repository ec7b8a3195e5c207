import io.agentledger.api.session.ActionEvent.Decision;
import io.agentledger.api.session.AgentSetup;
import io.agentledger.api.session.AgentWishes;
import io.agentledger.api.session.AgentWishes.Effort;
import io.agentledger.api.session.RunWishes;
import io.agentledger.api.session.StreamItem;
import io.agentledger.client.Agentledger;
import io.agentledger.client.session.Opening;
import io.agentledger.client.session.Saying;
import io.agentledger.client.session.Sessions;
import io.agentledger.client.session.Story;
import io.agentledger.client.support.ServiceAddress;

/**
 * With the Java client: opens a session with options, puts a file into its workspace, asks, decides
 * what comes up, follows the run to its end, and puts the session away.
 */
void main() {
  try (var service = Agentledger.at(ServiceAddress.find(System.getenv()))) {
    var sessions = service.sessions();
    var agent = new AgentWishes(Effort.LOW, null, List.of("Read", "Write"), AgentSetup.NONE);
    var session = sessions.open(Opening.PLAIN.titled("A question").with(agent)).id();
    var words = sessions.files(session).write("in/words.txt", "one two three".getBytes());
    IO.println("put: " + words.path() + ", " + words.size() + " bytes");
    var prompt = new Saying.Prompt("scenario: ask-write", RunWishes.NONE);
    var receipt = sessions.submit(session, List.of(prompt));
    var patience = Story.Patience.standard(why -> System.err.println("reconnecting: " + why));
    try (var story = sessions.follow(session, receipt.after(), patience)) {
      for (var item = story.next(); item.isPresent(); item = story.next())
        switch (item.get().body()) {
          case StreamItem.Permission asked when asked.phase().equals("requested") -> {
            IO.println("asked for: " + asked.tool());
            sessions.submit(
                session,
                List.of(
                    new Saying.Decide(
                        asked.actionId(), Decision.ALLOW, asked.inputDigest(), null, null)));
          }
          case StreamItem.Result result -> {
            IO.println(result.stopReason() + " after " + result.numTurns() + " turns");
            IO.println("it is " + sessions.take(session, Sessions.Step.ARCHIVE).stage());
            return;
          }
          default -> {}
        }
    }
  }
}
