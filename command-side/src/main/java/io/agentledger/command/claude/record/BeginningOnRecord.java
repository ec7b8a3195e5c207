package io.agentledger.command.claude.record;

import io.agentledger.api.environment.EnvironmentSnapshot.Mount;
import io.agentledger.api.session.AgentSetup;
import io.agentledger.api.session.BoundFolder;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.LifecycleEvent;
import io.agentledger.api.session.LifecycleEvent.BudgetSet;
import io.agentledger.api.session.LifecycleEvent.DirectoryGiven;
import io.agentledger.api.session.LifecycleEvent.DirectoryTakenBack;
import io.agentledger.api.session.LifecycleEvent.FolderBound;
import io.agentledger.api.session.LifecycleEvent.PermissionModeSet;
import io.agentledger.api.session.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.LifecycleEvent.SetupGiven;
import io.agentledger.api.session.LifecycleEvent.ToolsGiven;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SessionDirectory;
import io.agentledger.api.session.SessionId;
import io.agentledger.command.claude.process.LaunchSetup;
import io.agentledger.store.content.Sealer;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** What a session was given at its beginning, and what it may spend. */
public final class BeginningOnRecord {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final SessionId session;
  private final Sealer sealer;
  private Optional<SessionOpened> opened = Optional.empty();
  private Optional<ToolsGiven> tools = Optional.empty();
  private Optional<SetupGiven> setup = Optional.empty();
  private final Map<String, DirectoryGiven> directories = new TreeMap<>();
  private Optional<FolderBound> folder = Optional.empty();
  private Optional<PermissionMode> mode = Optional.empty();
  private Budget budget = new Budget.Unlimited();

  BeginningOnRecord(SessionId session, Sealer sealer) {
    this.session = session;
    this.sealer = sealer;
  }

  void on(LifecycleEvent event) {
    switch (event) {
      case SessionOpened first -> {
        opened = Optional.of(first);
        budget = first.budget();
      }
      case ToolsGiven given -> tools = Optional.of(given);
      case SetupGiven given -> setup = Optional.of(given);
      case BudgetSet set -> budget = set.budget();
      case DirectoryGiven given -> directories.put(given.name(), given);
      case DirectoryTakenBack back -> directories.remove(back.name());
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
  public ToolsOnRecord tools() {
    return tools(tools);
  }

  /** The event that says it, for what begins now. */
  Optional<ToolsGiven> given() {
    return tools;
  }

  /** What it had when that event was the last one. */
  public ToolsOnRecord tools(Optional<ToolsGiven> then) {
    return then.map(
            given ->
                new ToolsOnRecord(
                    given.mcpServers(),
                    sealer.open(session, ToolsGiven.class, "clientTools", given.clientTools())))
        .orElse(ToolsOnRecord.NONE);
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
    for (DirectoryGiven one : directories.values()) {
      String path = sealer.open(session, DirectoryGiven.class, "hostPath", one.hostPath());
      all.put(
          one.name(),
          new SessionDirectory(one.name(), path.isEmpty() ? null : path, one.writable()));
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
  public LaunchSetup setup() {
    return setup.map(this::setup).orElse(LaunchSetup.NONE);
  }

  private LaunchSetup setup(SetupGiven given) {
    String values = sealer.open(session, SetupGiven.class, "values", given.values());
    return new LaunchSetup(
        given.outputStyle(),
        given.settingSources().contains(AgentSetup.SettingSource.PROJECT),
        given.skills(),
        given.plugins(),
        given.agent(),
        given.betas(),
        sealer.open(
            session, SetupGiven.class, "planModeInstructions", given.planModeInstructions()),
        given.excludeDynamicSections(),
        given.previewFormat(),
        sealer.open(session, SetupGiven.class, "definitions", given.definitions()),
        values.isEmpty() ? Map.of() : JSON.readValue(values, new TypeReference<>() {}),
        "");
  }
}
