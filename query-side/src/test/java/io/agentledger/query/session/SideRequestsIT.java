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
import io.agentledger.api.session.event.SideRequestEvent.RequestType;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestAnswered;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestFailed;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestSubmitted;
import io.agentledger.api.session.query.CapabilitiesView;
import io.agentledger.api.session.query.ContextUsageView;
import io.agentledger.api.session.query.SessionQuery.FindCapabilities;
import io.agentledger.api.session.query.SessionQuery.FindContext;
import io.agentledger.api.session.query.SessionQuery.FindSession;
import io.agentledger.api.session.query.SessionQuery.FindSideRequest;
import io.agentledger.api.session.query.SessionQuery.ListSideRequests;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.session.query.SideRequestView;
import io.agentledger.api.session.query.SideRequestView.Status;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.SessionEventFixture;
import io.agentledger.query.QueryTestSupport;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Queries about side requests and reports of sessions' processes. */
class SideRequestsIT extends QueryTestSupport {
  private static SideRequestId submitSideRequest(SessionEventFixture fixture, String question) {
    var sideRequestId = SideRequestId.next();
    var content = fixture.seal(SideRequestSubmitted.class, "question", question);
    fixture.append(
        new SideRequestSubmitted(fixture.id, sideRequestId, RequestType.QUESTION, content));
    return sideRequestId;
  }

  private SideRequestView find(SessionEventFixture fixture, SideRequestId sideRequestId) {
    return query(new FindSideRequest(TENANT, fixture.id, sideRequestId), SideRequestView.class);
  }

  @Test
  void questionIsShownPendingAnsweredOrFailed() {
    var fixture = newSession().completeSession();
    var answered = submitSideRequest(fixture, "Why?");
    var failed = submitSideRequest(fixture, "How?");
    awaitSeen(fixture);
    assertThat(find(fixture, answered).status()).isEqualTo(Status.PENDING);
    assertThat(find(fixture, answered).completedAt()).isNull();
    var answer = fixture.seal(SideRequestAnswered.class, "answer", "So.");
    fixture.append(new SideRequestAnswered(fixture.id, answered, answer));
    fixture.append(
        new SideRequestFailed(fixture.id, failed, FailureReason.EXPIRED, Content.ABSENT));
    awaitSeen(fixture);

    var view = find(fixture, answered);
    assertThat(view.status()).isEqualTo(Status.ANSWERED);
    assertThat(view.question()).isEqualTo("Why?");
    assertThat(view.answer()).isEqualTo("So.");
    assertThat(view.completedAt()).isAfterOrEqualTo(view.requestedAt());
    assertThat(find(fixture, failed).status()).isEqualTo(Status.FAILED);
    assertThat(find(fixture, failed).failureReason()).isEqualTo(FailureReason.EXPIRED);
    assertThat(find(fixture, failed).failureDetail()).isNull();
  }

  @Test
  void sideRequestsAreListedNewestFirstPageByPage() {
    var fixture = newSession().completeSession();
    var ids =
        List.of(
            submitSideRequest(fixture, "1"),
            submitSideRequest(fixture, "2"),
            submitSideRequest(fixture, "3"));
    awaitSeen(fixture);
    Page<SideRequestView> first = page(new ListSideRequests(TENANT, fixture.id, first(2)));
    assertThat(first.items())
        .extracting(SideRequestView::id)
        .containsExactly(ids.get(2), ids.get(1));
    Page<SideRequestView> rest =
        page(new ListSideRequests(TENANT, fixture.id, new PageRequest(2, first.nextCursor())));
    assertThat(rest.items()).extracting(SideRequestView::id).containsExactly(ids.get(0));
    assertThat(rest.nextCursor()).isNull();
  }

  @Test
  void sideRequestsOfAnInvisibleSessionAreNotFound() {
    var fixture = newSession().completeSession();
    var sideRequestId = submitSideRequest(fixture, "Why?");
    awaitSeen(fixture);
    var otherCaller = Caller.ofUser(TENANT, UserId.next(), CredentialId.next(), Role.MEMBER);
    var none = new RejectionException(new NotFound("session", fixture.id.value())).getMessage();
    for (var query :
        List.of(
            new FindSideRequest(TENANT, fixture.id, sideRequestId),
            new ListSideRequests(TENANT, fixture.id, first(5)),
            new FindContext(TENANT, fixture.id),
            new FindCapabilities(TENANT, fixture.id)))
      assertThatThrownBy(() -> query(query, otherCaller, Object.class)).hasMessageContaining(none);
    var otherSession = newSession().completeSession();
    awaitSeen(otherSession);
    assertThatThrownBy(() -> find(otherSession, sideRequestId))
        .hasMessageContaining(sideRequestId.value());
  }

  @Test
  void latestMeasurementIsShown() {
    var fixture = newSession().completeSession();
    awaitSeen(fixture);
    assertThatThrownBy(() -> query(new FindContext(TENANT, fixture.id), ContextUsageView.class))
        .isInstanceOf(RejectionException.class);
    fixture.append(new ContextMeasured(fixture.id, "opus", 10, 200, Content.ABSENT));
    var breakdown = fixture.seal(ContextMeasured.class, "breakdown", "{\"skills\":{}}");
    fixture.append(new ContextMeasured(fixture.id, "opus", 50, 200, breakdown));
    awaitSeen(fixture);
    var view = query(new FindContext(TENANT, fixture.id), ContextUsageView.class);
    assertThat(view.tokens()).isEqualTo(50);
    assertThat(view.percentage()).isEqualTo(25);
    assertThat(view.breakdown().text()).isEqualTo("{\"skills\":{}}");
    assertThat(view.sequence()).isEqualTo(fixture.sequence());
  }

  @Test
  void capabilitiesAreUnknownUntilAProcessReportsThem() {
    var fixture = newSession().completeSession();
    awaitSeen(fixture);
    var unknown = query(new FindCapabilities(TENANT, fixture.id), CapabilitiesView.class);
    assertThat(unknown.available()).isFalse();
    assertThat(unknown.commands()).isEmpty();
    var offer =
        """
        {"commands": [{"name": "init", "description": "d", "argument_hint": "<x>", "aliases": ["i"],
                       "invocable": true},
                      {"name": "clear", "invocable": false, "reason": "not offered"}],
         "agents": [{"name": "critic", "description": "c", "model": "haiku"},
                    {"name": "other", "description": "o"}],
         "models": [{"value": "opus", "display_name": "Opus", "description": "m",
                     "effort_levels": ["low"], "adaptive_thinking": true}],
         "output_style": "default", "output_styles": ["default"]}
        """;
    var sealed = fixture.seal(CapabilitiesReported.class, "capabilities", offer);
    fixture.append(new CapabilitiesReported(fixture.id, fixture.process, "digest", sealed));
    awaitSeen(fixture);
    var known = query(new FindCapabilities(TENANT, fixture.id), CapabilitiesView.class);
    assertThat(known.commands())
        .containsExactly(
            new CapabilitiesView.Command("init", "d", "<x>", List.of("i"), true, null),
            new CapabilitiesView.Command("clear", "", "", List.of(), false, "not offered"));
    assertThat(known.agents())
        .containsExactly(
            new CapabilitiesView.Agent("critic", "c", "haiku"),
            new CapabilitiesView.Agent("other", "o", null));
    assertThat(known.models())
        .containsExactly(
            new CapabilitiesView.Model("opus", null, "Opus", "m", List.of("low"), true));
    assertThat(known.sequence()).isEqualTo(fixture.sequence());
  }

  @Test
  void sessionShowsItsAgentConfiguration() {
    var plain = newSession().opened("t");
    awaitSeen(plain);
    assertThat(agentSetup(plain).outputStyle()).isEqualTo("default");
    assertThat(agentSetup(plain).tools()).containsExactly("Read", "Bash");
    var fixture = newSession();
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
            fixture.seal(SessionOpened.class, "setup.values", "{\"GREETING\": \"hidden\"}"));
    var tools = fixture.seal(SessionOpened.class, "tools.clientTools", tool("weather"));
    fixture.opened(setup, new SealedTools(List.of(), tools), SealedFolder.NONE, List.of());
    awaitSeen(fixture);
    var agentSetupSummary = agentSetup(fixture);
    assertThat(agentSetupSummary.clientTools()).containsExactly("weather");
    assertThat(agentSetupSummary.skills()).containsExactly("greet");
    assertThat(agentSetupSummary.plugins()).containsExactly("tools/a");
    assertThat(agentSetupSummary.agent()).isEqualTo("critic");
    assertThat(agentSetupSummary.env()).containsExactly("GREETING");
    assertThat(agentSetupSummary.toString()).doesNotContain("hidden");

    var others = fixture.seal(ToolsSet.class, "clientTools", tool("time"));
    fixture.append(new ToolsSet(fixture.id, List.of(), others));
    awaitSeen(fixture);
    assertThat(agentSetup(fixture).clientTools()).containsExactly("time");
    assertThat(agentSetup(fixture).skills()).containsExactly("greet");
  }

  private static String tool(String name) {
    return "[{\"name\": \"%s\", \"description\": \"tells\", \"input_schema\": {}}]".formatted(name);
  }

  private AgentSetupSummary agentSetup(SessionEventFixture fixture) {
    var view = query(new FindSession(TENANT, fixture.id), SessionView.class);
    return Objects.requireNonNull(view.agentConfig());
  }
}
