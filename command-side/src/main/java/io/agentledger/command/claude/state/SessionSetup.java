package io.agentledger.command.claude.state;

import io.agentledger.api.environment.EnvironmentSnapshot.Mount;
import io.agentledger.api.session.AgentSetup;
import io.agentledger.api.session.BoundFolder;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SessionDirectory;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.LifecycleEvent;
import io.agentledger.api.session.event.LifecycleEvent.AgentConfigured;
import io.agentledger.api.session.event.LifecycleEvent.BudgetSet;
import io.agentledger.api.session.event.LifecycleEvent.DirectoryAdded;
import io.agentledger.api.session.event.LifecycleEvent.DirectoryRemoved;
import io.agentledger.api.session.event.LifecycleEvent.FolderBound;
import io.agentledger.api.session.event.LifecycleEvent.PermissionModeSet;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.LifecycleEvent.ToolsSet;
import io.agentledger.command.claude.launch.LaunchOptions;
import io.agentledger.store.crypto.Sealer;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** What a session was given at its beginning, and what it may spend. */
public final class SessionSetup {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final SessionId session;
  private final Sealer sealer;
  private Optional<SessionOpened> opened = Optional.empty();
  private Optional<ToolsSet> tools = Optional.empty();
  private Optional<AgentConfigured> agentConfigured = Optional.empty();
  private final Map<String, DirectoryAdded> directories = new TreeMap<>();
  private Optional<FolderBound> folder = Optional.empty();
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
        budget = first.budget();
      }
      case ToolsSet toolsSet -> tools = Optional.of(toolsSet);
      case AgentConfigured given -> agentConfigured = Optional.of(given);
      case BudgetSet set -> budget = set.budget();
      case DirectoryAdded directoryAdded -> directories.put(directoryAdded.name(), directoryAdded);
      case DirectoryRemoved directoryRemoved -> directories.remove(directoryRemoved.name());
      case FolderBound bound -> folder = Optional.of(bound);
      case PermissionModeSet set -> mode = Optional.of(set.permissionMode());
      default -> {}
    }
  }

  SessionOpened opened() {
    return opened.orElseThrow(() -> new IllegalStateException("no session " + session));
  }

  /** How what begins by itself is carried out. */
  public RunOptions options() {
    RunOptions first = opened().options();
    return mode.map(first::in).orElse(first);
  }

  Budget budget() {
    return budget;
  }

  public String systemPrompt() {
    return sealer.open(session, SessionOpened.class, "systemPrompt", opened().systemPrompt());
  }

  /** What the session has beside the agent's own tools. */
  public SessionTooling tools() {
    return tools(tools);
  }

  /** The event that says it, for what begins now. */
  Optional<ToolsSet> toolsSet() {
    return tools;
  }

  /** What it had when that event was the last one. */
  public SessionTooling tools(Optional<ToolsSet> then) {
    return then.map(
            toolsSet ->
                new SessionTooling(
                    toolsSet.mcpServers(),
                    sealer.open(session, ToolsSet.class, "clientTools", toolsSet.clientTools())))
        .orElse(SessionTooling.NONE);
  }

  /**
   * What it sees beside its workspace: what its environment has for all, and its own.
   *
   * @return by the names that they are seen under
   */
  public SortedMap<String, SessionDirectory> directories() {
    SortedMap<String, SessionDirectory> all = new TreeMap<>();
    for (Mount mount : opened().environment().mounts()) {
      all.put(
          SessionDirectory.nameOf(mount),
          new SessionDirectory(mount.source(), null, mount.writable()));
    }
    for (DirectoryAdded directoryAdded : directories.values()) {
      String path =
          sealer.open(session, DirectoryAdded.class, "hostPath", directoryAdded.hostPath());
      all.put(
          directoryAdded.name(),
          new SessionDirectory(
              directoryAdded.name(), path.isEmpty() ? null : path, directoryAdded.writable()));
    }
    return all;
  }

  /** The folder of the host that it works in, if it has no workspace of its own. */
  public Optional<BoundFolder> folder() {
    return folder.map(
        one ->
            new BoundFolder(
                sealer.open(session, FolderBound.class, "hostPath", one.hostPath()), one.inode()));
  }

  /** What its agent begins with beside them. */
  public LaunchOptions setup() {
    return agentConfigured.map(this::setup).orElse(LaunchOptions.NONE);
  }

  private LaunchOptions setup(AgentConfigured given) {
    String values = sealer.open(session, AgentConfigured.class, "values", given.values());
    return new LaunchOptions(
        given.outputStyle(),
        given.settingSources().contains(AgentSetup.SettingSource.PROJECT),
        given.skills(),
        given.plugins(),
        given.agent(),
        given.betas(),
        sealer.open(
            session, AgentConfigured.class, "planModeInstructions", given.planModeInstructions()),
        given.excludeDynamicSections(),
        given.previewFormat(),
        sealer.open(session, AgentConfigured.class, "definitions", given.definitions()),
        values.isEmpty() ? Map.of() : JSON.readValue(values, new TypeReference<>() {}),
        "");
  }
}
