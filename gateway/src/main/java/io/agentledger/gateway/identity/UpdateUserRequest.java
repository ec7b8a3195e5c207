package io.agentledger.gateway.identity;

import io.agentledger.api.identity.DisplayName;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.command.UserCommand;
import io.agentledger.api.identity.command.UserCommand.ChangeRole;
import io.agentledger.api.identity.command.UserCommand.DisableUser;
import io.agentledger.api.identity.command.UserCommand.EnableUser;
import io.agentledger.api.identity.command.UserCommand.RenameUser;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.validation.SafeText;
import jakarta.validation.constraints.Size;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Partial update of a user; missing fields stay. Idempotent. */
record UpdateUserRequest(
    @Nullable @Size(max = 1024, message = "must be at most 1024 characters") @SafeText String name,
    @Nullable AssignableRole role,
    @Nullable Boolean disabled) {
  List<UserCommand> toCommands(UserId user) {
    var commands = new ArrayList<UserCommand>();
    if (name != null)
      commands.add(new RenameUser(user, FieldParser.parse("/name", name, DisplayName::new), null));
    if (role != null) commands.add(new ChangeRole(user, role.toRole(), null));
    if (disabled != null)
      commands.add(disabled ? new DisableUser(user, null) : new EnableUser(user, null));
    if (commands.isEmpty())
      throw InvalidRequestException.body("", "must contain at least one change");
    return commands;
  }

  @Override
  public String toString() {
    return "UpdateUserRequest";
  }
}
