package io.agentledger.command.claude.state;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SlashCommand;
import io.agentledger.api.session.event.QueryEvent.CommandInvoked;
import io.agentledger.api.session.event.QueryEvent.FilesAttached;
import io.agentledger.api.session.event.QueryEvent.FilesMentioned;
import io.agentledger.api.session.event.QueryEvent.QueryIssued;
import io.agentledger.api.session.event.QueryEvent.QueryQueued;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.support.UntrustedJson;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** Queries of runs that have not ended. */
final class QueryState {
  private static final JsonMapper JSON = UntrustedJson.MAPPER;

  private final SessionId session;
  private final Sealer sealer;
  private final Map<RunId, OpenPrompt> prompts = new HashMap<>();
  private final Map<QueryId, Content> attached = new HashMap<>();

  private final Map<QueryId, Content> mentioned = new HashMap<>();
  private final Map<QueryId, CommandInvoked> commands = new HashMap<>();

  private record OpenPrompt(QueryId query, Content prompt, Class<? extends SessionEvent> event) {}

  QueryState(SessionId session, Sealer sealer) {
    this.session = session;
    this.sealer = sealer;
  }

  void on(QueryQueued queued) {
    prompts.put(
        queued.runId(), new OpenPrompt(queued.queryId(), queued.prompt(), QueryQueued.class));
  }

  /** Records the prompt of a query; that of a queued query is known already. */
  void on(QueryIssued issued) {
    if (!(issued.prompt() instanceof Content.Absent)) {
      prompts.put(
          issued.runId(), new OpenPrompt(issued.queryId(), issued.prompt(), QueryIssued.class));
    }
  }

  void on(FilesAttached files) {
    attached.put(files.queryId(), files.blocks());
  }

  void on(FilesMentioned files) {
    mentioned.put(files.queryId(), files.paths());
  }

  void on(CommandInvoked command) {
    commands.put(command.queryId(), command);
  }

  void removeQuery(QueryId query) {
    prompts.values().removeIf(prompt -> prompt.query().equals(query));
    removeDetails(query);
  }

  private void removeDetails(QueryId query) {
    attached.remove(query);
    mentioned.remove(query);
    commands.remove(query);
  }

  void removeRun(RunId run) {
    OpenPrompt removed = prompts.remove(run);
    if (removed != null) {
      removeDetails(removed.query());
    }
  }

  String promptText(RunId run) {
    OpenPrompt prompt = prompts.get(run);
    return prompt == null ? "" : sealer.open(session, prompt.event(), "prompt", prompt.prompt());
  }

  String attached(QueryId query) {
    Content blocks = attached.getOrDefault(query, Content.ABSENT);
    return sealer.open(session, FilesAttached.class, "blocks", blocks);
  }

  List<String> mentions(QueryId query) {
    Content paths = mentioned.getOrDefault(query, Content.ABSENT);
    String json = sealer.open(session, FilesMentioned.class, "paths", paths);
    return json.isEmpty() ? List.of() : List.of(JSON.readValue(json, String[].class));
  }

  Optional<SlashCommand> command(QueryId query) {
    return Optional.ofNullable(commands.get(query))
        .map(
            invoked ->
                new SlashCommand(
                    invoked.name(),
                    sealer.open(session, CommandInvoked.class, "arguments", invoked.arguments())));
  }
}
