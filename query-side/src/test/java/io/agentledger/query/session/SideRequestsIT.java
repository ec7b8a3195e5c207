package io.agentledger.query.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.AgentSetup;
import io.agentledger.api.session.AgentSetupSummary;
import io.agentledger.api.session.SealedAgentSetup;
import io.agentledger.api.session.SealedFolder;
import io.agentledger.api.session.SealedTools;
import io.agentledger.api.session.SideRequestId;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.LifecycleEvent.ToolsSet;
import io.agentledger.api.session.event.SideRequestEvent.CapabilitiesReported;
import io.agentledger.api.session.event.SideRequestEvent.ContextMeasured;
import io.agentledger.api.session.event.SideRequestEvent.FailureReason;
import io.agentledger.api.session.event.SideRequestEvent.Kind;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestAnswered;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestFailed;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestSubmitted;
import io.agentledger.api.session.query.CapabilitiesView;
import io.agentledger.api.session.query.ContextUsageView;
import io.agentledger.api.session.query.SessionQuery.FindAside;
import io.agentledger.api.session.query.SessionQuery.FindCapabilities;
import io.agentledger.api.session.query.SessionQuery.FindContext;
import io.agentledger.api.session.query.SessionQuery.FindSession;
import io.agentledger.api.session.query.SessionQuery.ListAsides;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.session.query.SideRequestView;
import io.agentledger.api.session.query.SideRequestView.State;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.SessionEventFixture;
import io.agentledger.query.QueryTestSupport;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What was asked beside conversations, and what is known of sessions by now. */
class SideRequestsIT extends QueryTestSupport {
  private static SideRequestId asked(SessionEventFixture story, String question) {
    var sideRequestId = SideRequestId.next();
    var words = story.seal(SideRequestSubmitted.class, "words", question);
    story.tell(new SideRequestSubmitted(story.id, sideRequestId, Kind.QUESTION, words));
    return sideRequestId;
  }

  private SideRequestView find(SessionEventFixture story, SideRequestId sideRequestId) {
    return ask(new FindAside(TENANT, story.id, sideRequestId), SideRequestView.class);
  }

  @Test
  void aQuestionIsShownAsItWaitsIsAnsweredOrFails() {
    var story = story().whole();
    var answered = asked(story, "Why?");
    var failed = asked(story, "How?");
    awaitSeen(story);
    assertThat(find(story, answered).state()).isEqualTo(State.WAITING);
    assertThat(find(story, answered).settledAt()).isNull();
    var answer = story.seal(SideRequestAnswered.class, "answer", "So.");
    story.tell(new SideRequestAnswered(story.id, answered, answer));
    story.tell(new SideRequestFailed(story.id, failed, FailureReason.EXPIRED, Content.ABSENT));
    awaitSeen(story);

    var view = find(story, answered);
    assertThat(view.state()).isEqualTo(State.ANSWERED);
    assertThat(view.words()).isEqualTo("Why?");
    assertThat(view.answer()).isEqualTo("So.");
    assertThat(view.settledAt()).isAfterOrEqualTo(view.askedAt());
    assertThat(find(story, failed).state()).isEqualTo(State.FAILED);
    assertThat(find(story, failed).silence()).isEqualTo(FailureReason.EXPIRED);
    assertThat(find(story, failed).reason()).isNull();
  }

  @Test
  void theyAreListedNewestFirstPageByPage() {
    var story = story().whole();
    var ids = List.of(asked(story, "1"), asked(story, "2"), asked(story, "3"));
    awaitSeen(story);
    Page<SideRequestView> first = page(new ListAsides(TENANT, story.id, first(2)));
    assertThat(first.items())
        .extracting(SideRequestView::id)
        .containsExactly(ids.get(2), ids.get(1));
    Page<SideRequestView> rest =
        page(new ListAsides(TENANT, story.id, new PageRequest(2, first.next())));
    assertThat(rest.items()).extracting(SideRequestView::id).containsExactly(ids.get(0));
    assertThat(rest.next()).isNull();
  }

  @Test
  void whoMayNotSeeTheSessionSeesNothingOfIt() {
    var story = story().whole();
    var sideRequestId = asked(story, "Why?");
    awaitSeen(story);
    var stranger = Caller.ofUser(TENANT, UserId.next(), CredentialId.next(), Role.MEMBER);
    var none = new RejectionException(new NotFound("session", story.id.value())).getMessage();
    for (var query :
        List.of(
            new FindAside(TENANT, story.id, sideRequestId),
            new ListAsides(TENANT, story.id, first(5)),
            new FindContext(TENANT, story.id),
            new FindCapabilities(TENANT, story.id)))
      assertThatThrownBy(() -> ask(query, stranger, Object.class)).hasMessageContaining(none);
    var other = story().whole();
    awaitSeen(other);
    assertThatThrownBy(() -> find(other, sideRequestId))
        .hasMessageContaining(sideRequestId.value());
  }

  @Test
  void theLastMeasureCounts() {
    var story = story().whole();
    awaitSeen(story);
    assertThatThrownBy(() -> ask(new FindContext(TENANT, story.id), ContextUsageView.class))
        .isInstanceOf(RejectionException.class);
    story.tell(new ContextMeasured(story.id, "opus", 10, 200, Content.ABSENT));
    var breakdown = story.seal(ContextMeasured.class, "breakdown", "{\"skills\":{}}");
    story.tell(new ContextMeasured(story.id, "opus", 50, 200, breakdown));
    awaitSeen(story);
    var view = ask(new FindContext(TENANT, story.id), ContextUsageView.class);
    assertThat(view.tokens()).isEqualTo(50);
    assertThat(view.percentage()).isEqualTo(25);
    assertThat(view.breakdown().text()).isEqualTo("{\"skills\":{}}");
    assertThat(view.sequence()).isEqualTo(story.sequence());
  }

  @Test
  void capabilitiesAreUnknownUntilAProcessHasSaidThem() {
    var story = story().whole();
    awaitSeen(story);
    var unknown = ask(new FindCapabilities(TENANT, story.id), CapabilitiesView.class);
    assertThat(unknown.known()).isFalse();
    assertThat(unknown.commands()).isEmpty();
    var offer =
        """
        {"commands": [{"name": "init", "description": "d", "argument_hint": "<x>", "aliases": ["i"]}],
         "agents": [{"name": "critic", "description": "c", "model": "haiku"},
                    {"name": "other", "description": "o"}],
         "models": [{"value": "opus", "display_name": "Opus", "description": "m",
                     "effort_levels": ["low"], "adaptive_thinking": true}],
         "output_style": "default", "output_styles": ["default"]}
        """;
    var sealed = story.seal(CapabilitiesReported.class, "capabilities", offer);
    story.tell(new CapabilitiesReported(story.id, story.process, "digest", sealed));
    awaitSeen(story);
    var known = ask(new FindCapabilities(TENANT, story.id), CapabilitiesView.class);
    assertThat(known.commands())
        .containsExactly(new CapabilitiesView.Command("init", "d", "<x>", List.of("i")));
    assertThat(known.agents())
        .containsExactly(
            new CapabilitiesView.Agent("critic", "c", "haiku"),
            new CapabilitiesView.Agent("other", "o", null));
    assertThat(known.models())
        .containsExactly(
            new CapabilitiesView.Model("opus", null, "Opus", "m", List.of("low"), true));
    assertThat(known.sequence()).isEqualTo(story.sequence());
  }

  @Test
  void aSessionNamesWhatItsAgentWasGiven() {
    var plain = story().opened("t");
    awaitSeen(plain);
    assertThat(outfit(plain).outputStyle()).isEqualTo("default");
    assertThat(outfit(plain).tools()).containsExactly("Read", "Bash");
    var story = story();
    var setup =
        new SealedAgentSetup(
            "Explanatory",
            List.of(),
            List.of("greet"),
            List.of("tools/a"),
            "critic",
            List.of(),
            Content.ABSENT,
            false,
            AgentSetup.PreviewFormat.NONE,
            List.of("critic"),
            Content.ABSENT,
            List.of("GREETING"),
            story.seal(SessionOpened.class, "setup.values", "{\"GREETING\": \"hidden\"}"));
    var tools = story.seal(SessionOpened.class, "tools.clientTools", tool("weather"));
    story.opened(setup, new SealedTools(List.of(), tools), SealedFolder.NONE, List.of());
    awaitSeen(story);
    var agentSetupSummary = outfit(story);
    assertThat(agentSetupSummary.clientTools()).containsExactly("weather");
    assertThat(agentSetupSummary.skills()).containsExactly("greet");
    assertThat(agentSetupSummary.plugins()).containsExactly("tools/a");
    assertThat(agentSetupSummary.agent()).isEqualTo("critic");
    assertThat(agentSetupSummary.env()).containsExactly("GREETING");
    assertThat(agentSetupSummary.toString()).doesNotContain("hidden");

    var others = story.seal(ToolsSet.class, "clientTools", tool("time"));
    story.tell(new ToolsSet(story.id, List.of(), others));
    awaitSeen(story);
    assertThat(outfit(story).clientTools()).containsExactly("time");
    assertThat(outfit(story).skills()).containsExactly("greet");
  }

  private static String tool(String name) {
    return "[{\"name\": \"%s\", \"description\": \"tells\", \"input_schema\": {}}]".formatted(name);
  }

  private AgentSetupSummary outfit(SessionEventFixture story) {
    var view = ask(new FindSession(TENANT, story.id), SessionView.class);
    return Objects.requireNonNull(view.outfit());
  }
}
