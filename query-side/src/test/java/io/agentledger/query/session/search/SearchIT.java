package io.agentledger.query.session.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.AccessLevel;
import io.agentledger.api.session.Audience;
import io.agentledger.api.session.MessageId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.event.LifecycleEvent.SessionDeleted;
import io.agentledger.api.session.event.LifecycleEvent.SessionShared;
import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.api.session.query.SearchFilter;
import io.agentledger.api.session.query.SearchFilter.DocumentKind;
import io.agentledger.api.session.query.SearchResultView;
import io.agentledger.api.session.query.SearchResultView.Hit;
import io.agentledger.api.session.query.SessionQuery.SearchTranscripts;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.SessionEventFixture;
import io.agentledger.projection.session.search.SearchReader;
import io.agentledger.query.QueryTestSupport;
import io.agentledger.query.support.ContentReader;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.ProjectionFreshness;
import io.agentledger.query.support.SessionVisibility;
import io.agentledger.store.crypto.DerivedKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class SearchIT extends QueryTestSupport {
  private static final Caller BOB = callerOf(UserId.next());

  @Autowired private SearchReader reader;
  @Autowired private DerivedKeys searchKeys;
  @Autowired private ContentReader contentReader;
  @Autowired private CursorCodec codec;
  @Autowired private SessionVisibility visibility;
  @Autowired private ProjectionFreshness freshness;

  private static Caller callerOf(UserId user) {
    return Caller.ofUser(TENANT, user, CredentialId.next(), Role.MEMBER);
  }

  private static SearchFilter text(String text) {
    return new SearchFilter(text, null, null, null, null, null, null, null, null);
  }

  private static SearchFilter in(SessionId session, String text) {
    return new SearchFilter(text, session, null, null, null, null, null, null, null);
  }

  private void awaitIndexed(SessionEventFixture fixture) {
    awaitSeen(fixture);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> projections.state("search").position() >= head());
  }

  private SearchResultView search(SearchFilter filter, Caller caller) {
    return query(
        new SearchTranscripts(TENANT, filter, new PageRequest(50, null)),
        caller,
        SearchResultView.class);
  }

  private List<Hit> search(SearchFilter filter) {
    var result =
        query(
            new SearchTranscripts(TENANT, filter, new PageRequest(50, null)),
            SearchResultView.class);
    assertThat(result.nextCursor()).isNull();
    assertThat(result.searchedUntil()).isNull();
    return result.items();
  }

  private static String highlighted(Hit hit) {
    var highlight = hit.highlights().getFirst();
    return hit.snippet().substring(highlight.start(), highlight.end());
  }

  /** Opens a session whose assistant wrote these messages. */
  private SessionEventFixture sessionWith(String... messages) {
    var fixture = newSession().opened("Title");
    var run = fixture.issueQuery("Prompt");
    for (String message : messages) fixture.messageReceived(run, message);
    return fixture;
  }

  @Test
  void hitsOfAllKindsHaveTheirSource() {
    var fixture = newSession().completeSession();
    awaitIndexed(fixture);
    var prompt = search(in(fixture.id, "HERE")).getFirst();
    assertThat(prompt.kind()).isEqualTo(DocumentKind.USER);
    assertThat(prompt.title()).isEqualTo("A title");
    assertThat(prompt.snippet()).isEqualTo("What is here?");
    assertThat(highlighted(prompt)).isEqualTo("here");
    assertThat(prompt.messageId()).isNotNull();
    var message = search(in(fixture.id, "looking")).getFirst();
    assertThat(message.kind()).isEqualTo(DocumentKind.ASSISTANT);
    var input = search(in(fixture.id, "ls")).getFirst();
    assertThat(input.kind()).isEqualTo(DocumentKind.TOOL_INPUT);
    assertThat(input.tool()).isEqualTo("Bash");
    assertThat(input.toolCallId()).isNotNull();
    assertThat(input.messageId()).isNull();
    var output = search(in(fixture.id, "README.md")).getFirst();
    assertThat(output.kind()).isEqualTo(DocumentKind.TOOL_OUTPUT);
    assertThat(output.outcome()).isEqualTo(CallStatus.RETURNED);
    assertThat(highlighted(output)).isEqualTo("README.md");
    assertThat(output.toolCallId()).isEqualTo(input.toolCallId());
  }

  @Test
  void allWordsAndPhrasesMustOccurInOneDocument() {
    var fixture = sessionWith("The quick brown fox", "A brown quick hare", "quick", "brown");
    awaitIndexed(fixture);
    assertThat(search(in(fixture.id, "quick brown"))).hasSize(2);
    assertThat(search(in(fixture.id, "\"quick brown\"")))
        .extracting(Hit::snippet)
        .containsExactly("The quick brown fox");
    assertThat(search(in(fixture.id, "\"quick brown\" hare"))).isEmpty();
    assertThat(search(in(fixture.id, "quick,brown"))).hasSize(1);
    assertThat(search(in(fixture.id, "quic"))).isEmpty();
  }

  @Test
  void snippetsDoNotChangeTheDirectionOfTheTextAroundThem() {
    var fixture = sessionWith("\u202eevil\u202c snippet \u2067of\u2069 text");
    awaitIndexed(fixture);
    var hit = search(in(fixture.id, "snippet")).getFirst();
    assertThat(hit.snippet()).isEqualTo(" evil  snippet  of  text");
    assertThat(highlighted(hit)).isEqualTo("snippet");
  }

  @Test
  void phrasesOfChineseAndOfNamesAreFound() {
    var fixture = sessionWith("看看全文検索的结果", "open src/main/FooBar.java:12 now", "検索全文");
    awaitIndexed(fixture);
    assertThat(search(in(fixture.id, "全文検索"))).hasSize(1);
    assertThat(search(in(fixture.id, "\"文検\""))).hasSize(1);
    assertThat(search(in(fixture.id, "main/FooBar.java"))).hasSize(1);
    assertThat(search(in(fixture.id, "FooBar.main"))).isEmpty();
  }

  @Test
  void resultsAreNewestFirst() {
    var old = sessionWith("zebra one", "zebra two");
    awaitIndexed(old);
    var young = sessionWith("zebra three", "zebra four");
    awaitIndexed(young);
    assertThat(search(text("zebra")))
        .extracting(Hit::snippet)
        .containsExactly("zebra four", "zebra three", "zebra two", "zebra one");
  }

  @Test
  void othersFindOnlyWhatIsSharedWithThem() {
    var fixture = sessionWith("xylophone secret");
    awaitIndexed(fixture);
    assertThat(search(text("xylophone"), callerOf(fixture.owner)).items()).hasSize(1);
    assertThat(search(text("xylophone"), BOB).items()).isEmpty();
    assertThatThrownBy(() -> search(in(fixture.id, "xylophone"), BOB))
        .isInstanceOfSatisfying(
            RejectionException.class,
            e ->
                assertThat(e.rejection())
                    .isEqualTo(new Rejection.NotFound("session", fixture.id.value())));
    fixture.append(new SessionShared(fixture.id, new Audience.User(BOB.user()), AccessLevel.READ));
    awaitIndexed(fixture);
    assertThat(search(text("xylophone"), BOB).items()).hasSize(1);
    assertThat(search(in(fixture.id, "xylophone"), BOB).items()).hasSize(1);
  }

  @Test
  void deletedSessionsAndErasedContentAreNotFound() {
    var deleted = sessionWith("quagga");
    var erased = sessionWith("quagga");
    awaitIndexed(erased);
    assertThat(search(text("quagga"))).hasSize(2);
    deleted.append(new SessionDeleted(deleted.id));
    sql.update("delete from keyring.session_key where key_id = ?", erased.id.value());
    awaitIndexed(deleted);
    assertThat(search(text("quagga"), callerOf(deleted.owner)).items()).isEmpty();
    assertThat(search(text("quagga"), callerOf(erased.owner)).items()).isEmpty();
  }

  @Test
  void retractedMessagesAreNotFound() {
    var fixture = newSession().opened("Title");
    var run = fixture.issueQuery("Prompt");
    var retracted = MessageId.next();
    fixture.messageReceivedOn(fixture.thread, run, retracted, "wombat void");
    fixture.messageReceived(run, "wombat valid");
    awaitIndexed(fixture);
    assertThat(search(in(fixture.id, "wombat"))).hasSize(2);
    fixture.modelRefused(run, retracted);
    awaitIndexed(fixture);
    assertThat(search(in(fixture.id, "wombat")))
        .extracting(Hit::snippet)
        .containsExactly("wombat valid");
  }

  @Test
  void conditionsRestrictTheResults() {
    var fixture = newSession().completeSession();
    var run = fixture.issueQuery("ls please, see README.md");
    var lost = fixture.toolCalled(run, "Read");
    fixture.toolLost(run, lost);
    awaitIndexed(fixture);
    var id = fixture.id;
    assertThat(search(in(id, "ls"))).hasSize(3);
    assertThat(search(filter(id, DocumentKind.USER, null, null))).hasSize(1);
    assertThat(search(filter(id, DocumentKind.TOOL_INPUT, null, null))).hasSize(2);
    assertThat(search(filter(id, null, "Read", null)))
        .extracting(Hit::toolCallId)
        .containsExactly(lost);
    assertThat(search(filter(id, null, null, CallStatus.UNKNOWN)))
        .extracting(Hit::toolCallId)
        .containsExactly(lost);
    assertThat(search(filter(id, DocumentKind.ASSISTANT, "Read", null))).isEmpty();
    var at = search(in(id, "here")).getFirst().at();
    assertThat(search(during(id, at, at.plusMillis(1)))).hasSize(1);
    assertThat(search(during(id, at.plusMillis(1), at.plusSeconds(60)))).isEmpty();
    assertThat(search(ofOwner(fixture.owner))).hasSize(1);
    assertThat(search(ofOwner(UserId.next()))).isEmpty();
  }

  private static SearchFilter filter(
      SessionId session, DocumentKind kind, String tool, CallStatus outcome) {
    return new SearchFilter("ls", session, null, null, null, null, kind, tool, outcome);
  }

  private static SearchFilter during(SessionId session, Instant from, Instant to) {
    return new SearchFilter("here", session, null, null, from, to, null, null, null);
  }

  private static SearchFilter ofOwner(UserId owner) {
    return new SearchFilter("here", null, null, owner, null, null, null, null, null);
  }

  @Test
  void pagesContinueWithinAndBetweenSessions() {
    var all = new ArrayList<String>();
    for (int i = 0; i < 3; i++) {
      var fixture = sessionWith("okapi " + i + "a", "okapi " + i + "b", "okapi " + i + "c");
      awaitIndexed(fixture);
      all.addAll(0, List.of("okapi " + i + "c", "okapi " + i + "b", "okapi " + i + "a"));
    }
    var found = new ArrayList<String>();
    String cursor = null;
    do {
      var page =
          query(
              new SearchTranscripts(TENANT, text("okapi"), new PageRequest(2, cursor)),
              SearchResultView.class);
      assertThat(page.items()).hasSizeLessThanOrEqualTo(2);
      page.items().forEach(hit -> found.add(hit.snippet()));
      cursor = page.nextCursor();
      assertThat(page.searchedUntil() == null).isEqualTo(cursor == null);
    } while (cursor != null);
    assertThat(found).isEqualTo(all);
  }

  @Test
  void requestEndsAfterANumberOfSessionsAndSaysHowFarItGot() {
    var old = sessionWith("tapir");
    awaitIndexed(old);
    var young = sessionWith("other");
    awaitIndexed(young);
    var handler =
        new SearchQueryHandler(
            sessions,
            new IndexSearch(reader, searchKeys),
            contentReader,
            codec,
            visibility,
            freshness,
            1);
    var caller = Caller.localOwner(TENANT, UserId.next(), ADA.credential());
    var first =
        handler.search(
            new SearchTranscripts(TENANT, text("tapir"), new PageRequest(50, null)), caller);
    assertThat(first.items()).isEmpty();
    assertThat(first.searchedUntil())
        .isEqualTo(sessions.findById(young.id.value()).orElseThrow().createdAt());
    var second =
        handler.search(
            new SearchTranscripts(TENANT, text("tapir"), new PageRequest(50, first.nextCursor())),
            caller);
    assertThat(second.items()).extracting(Hit::sessionId).containsExactly(old.id);
  }

  @Test
  void cursorOfAnotherSearchIsRejected() {
    awaitIndexed(sessionWith("numbat one", "numbat two"));
    var page =
        query(
            new SearchTranscripts(TENANT, text("numbat"), new PageRequest(1, null)),
            SearchResultView.class);
    assertThatThrownBy(
            () ->
                query(
                    new SearchTranscripts(
                        TENANT, text("other"), new PageRequest(1, page.nextCursor())),
                    SearchResultView.class))
        .isInstanceOfSatisfying(
            RejectionException.class,
            e -> assertThat(e.rejection()).isEqualTo(new Rejection.InvalidCursor()));
  }

  /** Opens a branch of the session after its newest event. */
  private SessionEventFixture branchOf(SessionEventFixture source, String message) {
    var origin = new SessionOrigin.Forked(source.id, source.sequence());
    var branch = newSession().opened("Branch", origin);
    branch.messageReceived(branch.issueQuery("Prompt"), message);
    return branch;
  }

  @Test
  void branchIsSearchedWithTheMessagesThatItInherited() {
    var source = sessionWith("gnu one");
    var branch = branchOf(source, "gnu two");
    source.messageReceived(source.issueQuery("Prompt"), "gnu later");
    var second = branchOf(branch, "gnu three");
    awaitIndexed(second);
    var hits = search(in(second.id, "gnu"));
    assertThat(hits)
        .extracting(Hit::snippet, Hit::inherited, Hit::sessionId, Hit::title)
        .containsExactly(
            tuple("gnu three", false, second.id, "Branch"),
            tuple("gnu two", true, branch.id, null),
            tuple("gnu one", true, source.id, null));
    assertThat(search(in(branch.id, "gnu"))).hasSize(2);
    assertThat(search(text("gnu"))).hasSize(4).noneMatch(Hit::inherited);

    var paged = new ArrayList<String>();
    String cursor = null;
    do {
      var page =
          query(
              new SearchTranscripts(TENANT, in(second.id, "gnu"), new PageRequest(1, cursor)),
              SearchResultView.class);
      page.items().forEach(hit -> paged.add(hit.snippet()));
      cursor = page.nextCursor();
    } while (cursor != null);
    assertThat(paged).containsExactly("gnu three", "gnu two", "gnu one");
  }

  @Test
  void branchIsSearchedWithoutAccessToItsSourceAndWithoutTheToolsOfIt() {
    var source = newSession().completeSession();
    var branch = branchOf(source, "README.md is here");
    branch.append(new SessionShared(branch.id, new Audience.User(BOB.user()), AccessLevel.READ));
    awaitIndexed(branch);
    assertThat(search(in(branch.id, "looking"), BOB).items())
        .extracting(Hit::sessionId)
        .containsExactly(source.id);
    assertThat(search(in(branch.id, "README.md"), BOB).items())
        .extracting(Hit::sessionId)
        .containsExactly(branch.id);
    assertThat(search(text("looking"), BOB).items()).isEmpty();
    sql.update("delete from keyring.session_key where key_id = ?", source.id.value());
    assertThat(search(in(branch.id, "looking"), BOB).items()).isEmpty();
  }

  @Test
  void rareWordIsLookedUpFirst() {
    var target = sessionWith("kudu rare common", "kudu common");
    for (int i = 0; i < 3; i++) awaitIndexed(sessionWith("common " + i));
    awaitIndexed(target);
    var words = new IndexSearch(reader, searchKeys).of(List.of("common", "rare"));
    var others = List.of(sessionWith("common").id.value(), sessionWith("common").id.value());
    await().until(() -> projections.state("search").position() >= head());
    assertThat(words.find(others)).allSatisfy((session, found) -> assertThat(found).isEmpty());
    assertThat(words.find(List.of(target.id.value())).get(target.id.value())).hasSize(1);
    assertThat(words.find(others)).isEmpty();
  }

  @Test
  void snippetIsPlainTextAroundTheFirstMatch() {
    var fixture = sessionWith("x ".repeat(300) + "<b>needle</b>\\nnext" + " y".repeat(300));
    awaitIndexed(fixture);
    var hit = search(in(fixture.id, "needle")).getFirst();
    assertThat(hit.snippet()).contains("<b>needle</b> next").hasSizeLessThanOrEqualTo(240);
    assertThat(highlighted(hit)).isEqualTo("needle");
  }

  @Test
  void otherScriptsAndEmojiAreFound() {
    var fixture =
        sessionWith(
            "全文検索のテスト",
            "السلام عليكم يا عالم",
            "party 🎉 time",
            "Straße in Москва",
            "100%_\\u0000 ok");
    awaitIndexed(fixture);
    for (var word : List.of("検索", "عليكم", "🎉", "strasse", "МОСКВА", "100"))
      assertThat(search(in(fixture.id, word))).as(word).hasSize(1);
    for (var hostile : List.of("' or 1=1 --", "% _ \\", "a & | ! <-> b:*", "\u0000 nothing", "\""))
      assertThat(search(in(fixture.id, hostile))).as(hostile).isEmpty();
  }

  @Test
  void searchWithoutWordsFindsNothing() {
    assertThat(search(text("\"\" ..."))).isEmpty();
  }
}
