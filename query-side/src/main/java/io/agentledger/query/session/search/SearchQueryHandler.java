package io.agentledger.query.session.search;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.LifecycleStatus;
import io.agentledger.api.session.MessageId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.api.session.query.SearchFilter;
import io.agentledger.api.session.query.SearchFilter.DocumentKind;
import io.agentledger.api.session.query.SearchResultView;
import io.agentledger.api.session.query.SearchResultView.Hit;
import io.agentledger.api.session.query.SessionQuery.SearchTranscripts;
import io.agentledger.projection.session.SessionRowRepository;
import io.agentledger.projection.session.SessionRowRepository.SessionCriteria;
import io.agentledger.projection.session.SessionRowRepository.SessionSummary;
import io.agentledger.projection.session.SessionRowRepository.SessionViewer;
import io.agentledger.projection.session.search.SearchReader;
import io.agentledger.projection.session.search.SearchReader.Candidate;
import io.agentledger.projection.session.search.SearchReader.Conditions;
import io.agentledger.projection.session.search.SearchReader.Kind;
import io.agentledger.projection.session.search.SearchReader.Position;
import io.agentledger.projection.session.search.SearchableText;
import io.agentledger.query.session.SessionAncestry;
import io.agentledger.query.session.search.IndexSearch.TermSearch;
import io.agentledger.query.support.ContentReader;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.ProjectionFreshness;
import io.agentledger.query.support.SessionVisibility;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;

/**
 * Searches transcripts: examines the sessions that the caller may see, newest first, in steps that
 * grow, and reads the documents that the index finds, because phrases and snippets need their
 * texts. A request ends when its page is full, or after {@link #SESSIONS_MAX} sessions or {@link
 * #TIME_MAX}; the next page continues there.
 */
class SearchQueryHandler {
  /** Sessions that one request examines. */
  static final int SESSIONS_MAX = 5_000;

  private static final Duration TIME_MAX = Duration.ofSeconds(2);
  private static final int FIRST_STEP = 100;
  private static final int STEP_MAX = 1_000;

  /** Maximum number of tokens of a step: one of each word in each session. */
  private static final int TOKENS_MAX = 20_000;

  /** Maximum number of documents that one statement reads. */
  private static final int DOCUMENTS_MAX = 256;

  private static final Instant OLDEST = Instant.EPOCH;
  private static final Instant NEWEST = Instant.parse("9999-01-01T00:00:00Z");

  private final SessionRowRepository sessions;
  private final IndexSearch index;
  private final SearchReader reader;
  private final ContentReader contentReader;
  private final CursorCodec cursorCodec;
  private final SessionVisibility visibility;
  private final ProjectionFreshness freshness;
  private final int sessionsMax;

  /**
   * Creates the handler.
   *
   * @param sessionsMax maximum number of sessions that one request examines
   */
  SearchQueryHandler(
      SessionRowRepository sessions,
      IndexSearch index,
      ContentReader contentReader,
      CursorCodec cursorCodec,
      SessionVisibility visibility,
      ProjectionFreshness freshness,
      int sessionsMax) {
    this.sessions = sessions;
    this.index = index;
    this.reader = index.reader();
    this.contentReader = contentReader;
    this.cursorCodec = cursorCodec;
    this.visibility = visibility;
    this.freshness = freshness;
    this.sessionsMax = sessionsMax;
  }

  @QueryHandler
  SearchResultView search(SearchTranscripts query, Caller caller) {
    var filter = query.filter();
    freshness.requireComplete("search");
    if (filter.sessionId() != null) visibility.require(caller, filter.sessionId());
    else freshness.await("session", query.page()); // Shares, deletions.
    var cursorScope = cursorScope(query, caller);
    var start =
        cursorCodec
            .decode(query.page(), cursorScope)
            .map(SearchPosition::parse)
            .orElse(SearchPosition.FIRST);
    var terms = SearchTerms.parse(filter.text());
    if (terms.isEmpty()) return new SearchResultView(List.of(), null, null);
    var search = new Search(terms, filter, caller, query.page().limit(), start);
    var end = search.run();
    return new SearchResultView(
        withTitles(search.hits, query.tenant().value()),
        end.map(position -> cursorCodec.encode(position.toString(), cursorScope)).orElse(null),
        end.map(SearchPosition::openedAt).orElse(null));
  }

  /** Binds a cursor to this search and its caller. */
  private static String[] cursorScope(SearchTranscripts query, Caller caller) {
    return new String[] {
      "search", query.tenant().value(), caller.user().value(), query.filter().toString()
    };
  }

  /** One request. */
  private final class Search {
    private final SearchTerms terms;
    private final TermSearch words;
    private final SearchFilter filter;
    private final SessionViewer viewer;
    private final SessionCriteria criteria;
    private final Conditions conditions;
    private final int limit;
    private final long began = System.nanoTime();
    private final List<Hit> hits = new ArrayList<>();
    private final @Nullable SessionHistory history;
    private SearchPosition position;

    Search(SearchTerms terms, SearchFilter filter, Caller caller, int limit, SearchPosition start) {
      this.terms = terms;
      this.words = index.of(terms.words());
      this.filter = filter;
      this.viewer = SessionVisibility.viewer(caller);
      this.criteria = toCriteria(filter, caller);
      this.conditions = toConditions(filter);
      this.limit = limit;
      this.position = start;
      var session = filter.sessionId();
      this.history = session == null ? null : readHistory(session);
    }

    /** Returns the session with its ancestors; nothing if it does not meet the criteria. */
    private SessionHistory readHistory(SessionId session) {
      boolean isMatching =
          !sessions
              .pageOfSummaries(viewer, criteria, session.value(), OLDEST, NEWEST, "", Limit.of(1))
              .isEmpty();
      return isMatching
          ? SessionHistory.of(
              sessions.findByIdAndTenant(session.value(), viewer.tenant()).orElseThrow(),
              new SessionAncestry(sessions))
          : SessionHistory.NONE;
    }

    /** Returns the position at which the next page continues; empty if there is none. */
    Optional<SearchPosition> run() {
      if (conditions.kinds().isEmpty()) return Optional.empty();
      int examined = 0;
      while (examined < sessionsMax && !isOutOfTime()) {
        int step = Math.clamp(3L * examined, FIRST_STEP, STEP_MAX);
        step = Math.min(step, TOKENS_MAX / terms.words().size());
        step = Math.clamp(step, 1, sessionsMax - examined);
        var next = nextSessions(step);
        var page = next.subList(0, index.countSearchable(idsOf(next)));
        boolean isFinished = examine(page);
        if (!isFinished) return Optional.of(position);
        if (next.size() < step && page.size() == next.size()) return Optional.empty();
        examined += page.size();
      }
      return Optional.of(position);
    }

    private static List<String> idsOf(List<SessionSummary> page) {
      return page.stream().map(SessionSummary::id).toList();
    }

    private List<SessionSummary> nextSessions(int max) {
      if (history != null) return history.after(position, max);
      return sessions.pageOfSummaries(
          viewer,
          criteria,
          "",
          conditions.from(),
          position.openedAt(),
          position.beforeId(),
          Limit.of(max));
    }

    /** Returns whether all documents of the sessions were examined. */
    private boolean examine(List<SessionSummary> page) {
      if (page.isEmpty()) return true;
      var byId = new HashMap<String, SessionSummary>();
      for (var session : page) byId.put(session.id(), session);
      var found = words.find(idsOf(page));
      var positions = new ArrayList<Position>();
      for (var session : page)
        for (long sequence : found.getOrDefault(session.id(), List.of()))
          if (position.isBefore(session.id(), sequence) && isInHistory(session.id(), sequence))
            positions.add(new Position(session.id(), sequence));
      int chunk = firstChunk();
      for (int from = 0; from < positions.size(); ) {
        int to = Math.min(positions.size(), from + chunk);
        var last = positions.get(to - 1);
        for (var candidate : reader.read(positions.subList(from, to), conditions)) {
          var session = Objects.requireNonNull(byId.get(candidate.position().session()));
          position =
              new SearchPosition(
                  session.createdAt(), session.id(), candidate.position().sequence());
          addIfMatching(candidate);
          if (hits.size() == limit || isOutOfTime()) return false;
        }
        var lastSession = Objects.requireNonNull(byId.get(last.session()));
        position = new SearchPosition(lastSession.createdAt(), lastSession.id(), last.sequence());
        from = to;
        chunk = Math.min(2 * chunk, DOCUMENTS_MAX);
        if (from < positions.size() && isOutOfTime()) return false;
      }
      position = new SearchPosition(page.getLast().createdAt(), page.getLast().id(), 0);
      return true;
    }

    private boolean isInHistory(String session, long sequence) {
      return history == null || history.contains(session, sequence);
    }

    /** Returns the number of documents to read: few more than the page needs, if most match. */
    private int firstChunk() {
      boolean isSelective =
          filter.kind() != null
              || filter.tool() != null
              || filter.outcome() != null
              || filter.from() != null
              || filter.to() != null;
      return isSelective ? DOCUMENTS_MAX : Math.min(DOCUMENTS_MAX, limit - hits.size() + 4);
    }

    private boolean isOutOfTime() {
      return System.nanoTime() - began > TIME_MAX.toNanos();
    }

    private void addIfMatching(Candidate candidate) {
      var id = new SessionId(candidate.position().session());
      boolean isInherited = filter.sessionId() != null && !id.equals(filter.sessionId());
      if (isInherited && candidate.kind().isToolCall()) return; // Branches inherit messages only.
      contentReader
          .map(id, candidate.content(), content -> SearchableText.of(candidate.kind(), content))
          .ifPresent(
              text -> {
                var matches = terms.find(text);
                if (!matches.isEmpty())
                  hits.add(toHit(candidate, isInherited, Snippet.of(text, matches)));
              });
    }
  }

  private static Hit toHit(Candidate candidate, boolean isInherited, Snippet snippet) {
    boolean isToolCall = candidate.kind().isToolCall();
    var outcome = candidate.outcome();
    return new Hit(
        new SessionId(candidate.position().session()),
        isInherited,
        null,
        toDocumentKind(candidate.kind()),
        isToolCall ? null : new MessageId(candidate.item()),
        isToolCall ? new ToolCallId(candidate.item()) : null,
        candidate.tool(),
        outcome == null ? null : CallStatus.valueOf(outcome),
        candidate.position().sequence(),
        candidate.at(),
        snippet.text(),
        snippet.highlights());
  }

  private List<Hit> withTitles(List<Hit> hits, String tenant) {
    if (hits.isEmpty()) return hits;
    var ids =
        hits.stream()
            .filter(hit -> !hit.inherited()) // The caller may not see the session itself.
            .map(hit -> hit.sessionId().value())
            .distinct()
            .toList();
    var titles = new HashMap<String, @Nullable String>();
    for (var title : sessions.findTitles(tenant, ids))
      titles.put(title.id(), contentReader.text(new SessionId(title.id()), title.title()));
    return hits.stream().map(hit -> hit.withTitle(titles.get(hit.sessionId().value()))).toList();
  }

  private static DocumentKind toDocumentKind(Kind kind) {
    return switch (kind) {
      case PROMPT, USER -> DocumentKind.USER;
      case ASSISTANT -> DocumentKind.ASSISTANT;
      case TOOL_INPUT -> DocumentKind.TOOL_INPUT;
      case TOOL_OUTPUT -> DocumentKind.TOOL_OUTPUT;
    };
  }

  /**
   * Deleted sessions are visible to auditors only. A single session is not compared with the times:
   * it may have been branched off later from a session with results.
   */
  private static SessionCriteria toCriteria(SearchFilter filter, Caller caller) {
    var lifecycles = EnumSet.allOf(LifecycleStatus.class);
    if (!caller.canReadDeleted()) lifecycles.remove(LifecycleStatus.DELETED);
    var owner = filter.ownerId();
    return new SessionCriteria(
        EnumSet.allOf(Activity.class),
        lifecycles,
        "",
        "",
        "",
        "",
        owner == null ? "" : owner.value(),
        Objects.requireNonNullElse(filter.agent(), ""),
        null,
        filter.sessionId() == null ? filter.to() : null);
  }

  private static Conditions toConditions(SearchFilter filter) {
    var tool = filter.tool();
    var outcome = filter.outcome();
    boolean isToolCall = tool != null || outcome != null;
    var kinds =
        List.of(Kind.values()).stream()
            .filter(kind -> filter.kind() == null || filter.kind() == toDocumentKind(kind))
            .filter(kind -> !isToolCall || kind.isToolCall())
            .toList();
    return new Conditions(
        kinds,
        Objects.requireNonNullElse(tool, ""),
        outcome == null ? "" : outcome.name(),
        Objects.requireNonNullElse(filter.from(), OLDEST),
        Objects.requireNonNullElse(filter.to(), NEWEST));
  }
}
