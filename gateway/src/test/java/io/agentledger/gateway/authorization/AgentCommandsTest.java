package io.agentledger.gateway.authorization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.security.ApiCommand;
import io.agentledger.api.identity.security.MessageAuthorizer;
import io.agentledger.api.identity.security.PermitAgents;
import io.agentledger.api.identity.security.PermitAll;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.gateway.ProductClasses;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.axonframework.commandhandling.CommandHandler;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Every command is refused to agents, unless it is listed here. Listed are the work of sessions,
 * tasks and flows, what the tools of the platform do, and commands whose handler decides about
 * agents: those of chats and the decision about a plan.
 */
class AgentCommandsTest {
  private static final Set<String> PERMITTED =
      Set.of(
          "SessionCommand.OpenSession",
          "SessionCommand.SubmitInputs",
          "SessionCommand.ShareSession",
          "SessionCommand.UnshareSession",
          "SessionCommand.TransferSession",
          "SessionCommand.SetTools",
          "SessionCommand.RewindFiles",
          "SessionCommand.ChangeFiles",
          "SessionLifecycleCommand.RenameSession",
          "SessionLifecycleCommand.TagSession",
          "SessionLifecycleCommand.SetBudget",
          "SessionLifecycleCommand.PauseSession",
          "SessionLifecycleCommand.UnpauseSession",
          "SessionLifecycleCommand.ArchiveSession",
          "SessionLifecycleCommand.RestoreSession",
          "SessionLifecycleCommand.CloseSession",
          "SessionLifecycleCommand.DeleteSession",
          "UserChatCommand.ContinueUserChat",
          "TaskCommand.CreateTask",
          "TaskCommand.ChangeTask",
          "TaskCommand.PauseTask",
          "TaskCommand.ResumeTask",
          "TaskCommand.ArchiveTask",
          "ExecutionCommand.QueueExecution",
          "ExecutionCommand.CancelExecution",
          "AgentCommand.CreateAgent",
          "AgentCommand.ChangeAgent",
          "AgentCommand.ArchiveAgent",
          "FlowCommand.StartFlow",
          "FlowCommand.DecideFlow",
          "FlowCommand.CancelFlow",
          "ReportCommand.RequestReport",
          "ReportCommand.CancelReport",
          "ReportCommand.DeleteReport",
          "ChatCommand.SendChatMessage",
          "ChatCommand.CancelChatMessage",
          "ChatCommand.AssignChat",
          "ChatCommand.SetChatAgent",
          "ChatCommand.TakeOverChat",
          "ChatCommand.HandBackChat",
          "ChatCommand.CloseChat",
          "ChatCommand.ReopenChat",
          "ChatCommand.ChangeChatLabels",
          "ChatCommand.AddChatNote",
          "ChatCommand.ReadChat",
          "ChatCommand.MarkChatUnread",
          "ChatCommand.EscalateChat");

  /** An agent with scopes that no agent's token can have: the role alone is checked. */
  private static final Map<String, Object> AGENT =
      new Caller(
              TenantId.next(),
              UserId.next(),
              new Actor(Actor.ActorType.AGENT, "agt_2222222222"),
              CredentialId.next(),
              Role.AGENT,
              EnumSet.allOf(Scope.class),
              false,
              false)
          .asMetadata("req_2222222222");

  private static JavaClasses productClasses;

  @BeforeAll
  static void read() {
    productClasses = ProductClasses.inPackage("io.agentledger");
  }

  private static Set<Class<?>> commands() {
    return productClasses.stream()
        .filter(type -> type.isRecord() && type.isAssignableTo(ApiCommand.class))
        .map(JavaClass::reflect)
        .collect(Collectors.toSet());
  }

  private static String nameOf(Class<?> command) {
    return command.getDeclaringClass().getSimpleName() + "." + command.getSimpleName();
  }

  @Test
  void agentsMaySendTheListedCommandsOnly() {
    var permitted = new TreeSet<String>();
    var commands = commands();
    assertThat(commands).hasSizeGreaterThan(150);
    for (var command : commands) {
      if (command.isAnnotationPresent(PermitAll.class)) continue;
      if (command.isAnnotationPresent(PermitAgents.class)) {
        permitted.add(nameOf(command));
        assertThatCode(() -> MessageAuthorizer.checkScopes(command, AGENT))
            .as(nameOf(command))
            .doesNotThrowAnyException();
      } else
        assertThatThrownBy(() -> MessageAuthorizer.checkScopes(command, AGENT))
            .as(nameOf(command))
            .isInstanceOf(RejectionException.class);
    }
    assertThat(permitted).containsExactlyInAnyOrderElementsOf(PERMITTED);
  }

  /** A command of another type would be sent by agents, too. */
  @Test
  void everyHandledCommandIsOne() {
    var others = new TreeSet<String>();
    int handlers = 0;
    for (var type : productClasses)
      for (var method : type.getCodeUnits())
        if (method.isAnnotatedWith(CommandHandler.class)) {
          handlers++;
          var command = method.getRawParameterTypes().getFirst();
          if (!command.isAssignableTo(ApiCommand.class)) others.add(command.getName());
        }
    assertThat(handlers).isGreaterThan(150);
    assertThat(others).isEmpty();
  }
}
