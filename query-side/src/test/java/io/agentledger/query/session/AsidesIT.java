package io.agentledger.query.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.KeyId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.AgentSetup;
import io.agentledger.api.session.AsideEvent.AsideAnswered;
import io.agentledger.api.session.AsideEvent.AsideAsked;
import io.agentledger.api.session.AsideEvent.AsideFailed;
import io.agentledger.api.session.AsideEvent.CapabilitiesKnown;
import io.agentledger.api.session.AsideEvent.ContextMeasured;
import io.agentledger.api.session.AsideEvent.Kind;
import io.agentledger.api.session.AsideEvent.Silence;
import io.agentledger.api.session.AsideId;
import io.agentledger.api.session.AsideView;
import io.agentledger.api.session.AsideView.State;
import io.agentledger.api.session.CapabilitiesView;
import io.agentledger.api.session.ContextView;
import io.agentledger.api.session.LifecycleEvent.SetupGiven;
import io.agentledger.api.session.LifecycleEvent.ToolsGiven;
import io.agentledger.api.session.Outfit;
import io.agentledger.api.session.SessionQuery.FindAside;
import io.agentledger.api.session.SessionQuery.FindCapabilities;
import io.agentledger.api.session.SessionQuery.FindContext;
import io.agentledger.api.session.SessionQuery.FindSession;
import io.agentledger.api.session.SessionQuery.ListAsides;
import io.agentledger.api.session.SessionView;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.Rejected;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.projection.Story;
import io.agentledger.query.QueryHouse;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What was asked beside conversations, and what is known of sessions by now. */
class AsidesIT extends QueryHouse {
  private static AsideId asked(Story story, String question) {
    var aside = AsideId.next();
    var words = story.seal(AsideAsked.class, "words", question);
    story.tell(new AsideAsked(story.id, aside, Kind.QUESTION, words));
    return aside;
  }

  private AsideView find(Story story, AsideId aside) {
    return ask(new FindAside(TENANT, story.id, aside), AsideView.class);
  }

  @Test
  void aQuestionIsShownAsItWaitsIsAnsweredOrFails() {
    var story = story().whole();
    var answered = asked(story, "Why?");
    var failed = asked(story, "How?");
    awaitSeen(story);
    assertThat(find(story, answered).state()).isEqualTo(State.WAITING);
    assertThat(find(story, answered).settledAt()).isNull();
    var answer = story.seal(AsideAnswered.class, "answer", "So.");
    story.tell(new AsideAnswered(story.id, answered, answer));
    story.tell(new AsideFailed(story.id, failed, Silence.EXPIRED, Content.ABSENT));
    awaitSeen(story);

    var view = find(story, answered);
    assertThat(view.state()).isEqualTo(State.ANSWERED);
    assertThat(view.words()).isEqualTo("Why?");
    assertThat(view.answer()).isEqualTo("So.");
    assertThat(view.settledAt()).isAfterOrEqualTo(view.askedAt());
    assertThat(find(story, failed).state()).isEqualTo(State.FAILED);
    assertThat(find(story, failed).silence()).isEqualTo(Silence.EXPIRED);
    assertThat(find(story, failed).reason()).isNull();
  }

  @Test
  void theyAreListedNewestFirstPageByPage() {
    var story = story().whole();
    var ids = List.of(asked(story, "1"), asked(story, "2"), asked(story, "3"));
    awaitSeen(story);
    Page<AsideView> first = page(new ListAsides(TENANT, story.id, first(2)));
    assertThat(first.items()).extracting(AsideView::id).containsExactly(ids.get(2), ids.get(1));
    Page<AsideView> rest = page(new ListAsides(TENANT, story.id, new PageRequest(2, first.next())));
    assertThat(rest.items()).extracting(AsideView::id).containsExactly(ids.get(0));
    assertThat(rest.next()).isNull();
  }

  @Test
  void whoMayNotSeeTheSessionSeesNothingOfIt() {
    var story = story().whole();
    var aside = asked(story, "Why?");
    awaitSeen(story);
    var stranger = Caller.person(TENANT, UserId.next(), KeyId.next(), Role.MEMBER);
    var none = new Rejected(new NotFound("session", story.id.value())).getMessage();
    for (var query :
        List.of(
            new FindAside(TENANT, story.id, aside),
            new ListAsides(TENANT, story.id, first(5)),
            new FindContext(TENANT, story.id),
            new FindCapabilities(TENANT, story.id)))
      assertThatThrownBy(() -> ask(query, stranger, Object.class)).hasMessageContaining(none);
    var other = story().whole();
    awaitSeen(other);
    assertThatThrownBy(() -> find(other, aside)).hasMessageContaining(aside.value());
  }

  @Test
  void theLastMeasureCounts() {
    var story = story().whole();
    awaitSeen(story);
    assertThatThrownBy(() -> ask(new FindContext(TENANT, story.id), ContextView.class))
        .isInstanceOf(Rejected.class);
    story.tell(new ContextMeasured(story.id, "opus", 10, 200, Content.ABSENT));
    var breakdown = story.seal(ContextMeasured.class, "breakdown", "{\"skills\":{}}");
    story.tell(new ContextMeasured(story.id, "opus", 50, 200, breakdown));
    awaitSeen(story);
    var view = ask(new FindContext(TENANT, story.id), ContextView.class);
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
    var sealed = story.seal(CapabilitiesKnown.class, "capabilities", offer);
    story.tell(new CapabilitiesKnown(story.id, story.process, "digest", sealed));
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
    var story = story().opened("t");
    awaitSeen(story);
    assertThat(outfit(story).outputStyle()).isEqualTo("default");
    assertThat(outfit(story).tools()).containsExactly("Read", "Bash");
    var tools = "[{\"name\": \"weather\", \"description\": \"tells\", \"input_schema\": {}}]";
    story.tell(
        new ToolsGiven(story.id, List.of(), story.seal(ToolsGiven.class, "clientTools", tools)));
    story.tell(
        new SetupGiven(
            story.id,
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
            story.seal(SetupGiven.class, "values", "{\"GREETING\": \"hidden\"}")));
    awaitSeen(story);
    var outfit = outfit(story);
    assertThat(outfit.clientTools()).containsExactly("weather");
    assertThat(outfit.skills()).containsExactly("greet");
    assertThat(outfit.plugins()).containsExactly("tools/a");
    assertThat(outfit.agent()).isEqualTo("critic");
    assertThat(outfit.env()).containsExactly("GREETING");
    assertThat(outfit.toString()).doesNotContain("hidden");
  }

  private Outfit outfit(Story story) {
    var view = ask(new FindSession(TENANT, story.id), SessionView.class);
    return Objects.requireNonNull(view.outfit());
  }
}
