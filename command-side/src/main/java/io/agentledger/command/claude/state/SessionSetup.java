package io.agentledger.command.claude.state;

import io.agentledger.api.content.Content;
import io.agentledger.api.environment.EnvironmentSnapshot.Mount;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.AgentSetup;
import io.agentledger.api.session.BoundFolder;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SealedAgentSetup;
import io.agentledger.api.session.SealedFolder;
import io.agentledger.api.session.SessionDirectory;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.LifecycleEvent;
import io.agentledger.api.session.event.LifecycleEvent.BudgetSet;
import io.agentledger.api.session.event.LifecycleEvent.DirectoryAdded;
import io.agentledger.api.session.event.LifecycleEvent.DirectoryRemoved;
import io.agentledger.api.session.event.LifecycleEvent.PermissionModeSet;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.LifecycleEvent.SessionTransferred;
import io.agentledger.api.session.event.LifecycleEvent.ToolsSet;
import io.agentledger.command.claude.launch.LaunchOptions;
import io.agentledger.command.support.RecordedDirectory;
import io.agentledger.command.support.RecordedTools;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.support.UntrustedJson;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Setup of a session and its budget. */
public final class SessionSetup {
  private static final JsonMapper JSON = UntrustedJson.MAPPER;

  private final SessionId session;
  private final Sealer sealer;
  private Optional<SessionOpened> opened = Optional.empty();
  private Optional<UserId> owner = Optional.empty();
  private Optional<RecordedTools> tools = Optional.empty();
  private final Map<String, RecordedDirectory> directories = new TreeMap<>();
  private Optional<PermissionMode> mode = Optional.empty();
  private Budget budget = new Budget.Unlimited();

  SessionSetup(SessionId session, Sealer sealer) {
    this.session = session;
    this.sealer = sealer;
  }

  void on(LifecycleEvent event) {
    switch (event) {
      case SessionOpened first -> {
        opened = Optional.of(first);
        owner = Optional.of(first.ownerId());
        budget = first.budget();
        tools = Optional.of(RecordedTools.from(first));
        RecordedDirectory.from(first).forEach(this::add);
      }
      case ToolsSet toolsSet -> tools = Optional.of(RecordedTools.from(toolsSet));
      case SessionTransferred transferred -> owner = Optional.of(transferred.toUserId());
      case BudgetSet set -> budget = set.budget();
      case DirectoryAdded directoryAdded -> add(RecordedDirectory.from(directoryAdded));
      case DirectoryRemoved directoryRemoved -> directories.remove(directoryRemoved.name());
      case PermissionModeSet set -> mode = Optional.of(set.permissionMode());
      default -> {}
    }
  }

  private void add(RecordedDirectory directory) {
    directories.put(directory.name(), directory);
  }

  SessionOpened opened() {
    return opened.orElseThrow(() -> new IllegalStateException("no session " + session));
  }

  /** Returns the options of runs that start without a query. */
  public RunOptions options() {
    RunOptions first = opened().options();
    return mode.map(first::withPermissionMode).orElse(first);
  }

  /** Returns whether the actor is the present owner of the session. */
  public boolean isOwner(Actor actor) {
    return owner.filter(user -> Actor.ofUser(user).equals(actor)).isPresent();
  }

  Budget budget() {
    return budget;
  }

  public String systemPrompt() {
    return open("systemPrompt", opened().systemPrompt());
  }

  /** Returns the session's own tools. */
  public SessionTooling tools() {
    return tools(tools);
  }

  /** Returns the recorded tools for runs that start now; empty before the session is opened. */
  Optional<RecordedTools> recordedTools() {
    return tools;
  }

  /** Returns the tools of an earlier record. */
  public SessionTooling tools(Optional<RecordedTools> recordedTools) {
    return recordedTools
        .map(
            recorded ->
                new SessionTooling(
                    recorded.mcpServers(), recorded.clientTools().open(sealer, session)))
        .orElse(SessionTooling.NONE);
  }

  /**
   * Returns the mounted directories: those of its environment and its own.
   *
   * @return directories by their mount names
   */
  public SortedMap<String, SessionDirectory> directories() {
    SortedMap<String, SessionDirectory> all = new TreeMap<>();
    for (Mount mount : opened().environment().mounts()) {
      all.put(
          SessionDirectory.nameOf(mount),
          new SessionDirectory(mount.source(), null, mount.writable()));
    }
    for (RecordedDirectory directory : directories.values()) {
      all.put(directory.name(), directory.open(sealer, session));
    }
    return all;
  }

  /** Returns the bound directory, if the session has no workspace of its own. */
  public Optional<BoundFolder> boundFolder() {
    SealedFolder folder = opened().folder();
    return folder.equals(SealedFolder.NONE)
        ? Optional.empty()
        : Optional.of(new BoundFolder(open("folder.hostPath", folder.hostPath()), folder.inode()));
  }

  /** Returns the options with which its processes are started. */
  public LaunchOptions launchOptions() {
    SealedAgentSetup setup = opened().setup();
    String values = open("setup.values", setup.values());
    return new LaunchOptions(
        setup.outputStyle(),
        setup.settingSources().contains(AgentSetup.SettingSource.PROJECT),
        !opened().agent().skills().isEmpty(),
        setup.skills(),
        setup.plugins(),
        setup.agent(),
        setup.betas(),
        open("setup.planModeInstructions", setup.planModeInstructions()),
        setup.excludeDynamicSections(),
        setup.previewFormat(),
        open("setup.definitions", setup.definitions()),
        values.isEmpty() ? Map.of() : JSON.readValue(values, new TypeReference<>() {}),
        "");
  }

  /** Opens content of the event {@code SessionOpened}. */
  private String open(String field, Content content) {
    return sealer.open(session, SessionOpened.class, field, content);
  }
}
