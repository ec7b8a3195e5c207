package io.agentledger.gateway.identity;

import io.agentledger.api.identity.DisplayName;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.command.TenantCommand;
import io.agentledger.api.identity.command.TenantCommand.RenameTenant;
import io.agentledger.api.identity.command.TenantCommand.ResumeTenant;
import io.agentledger.api.identity.command.TenantCommand.SuspendTenant;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.validation.SafeText;
import jakarta.validation.constraints.Size;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Partial update of a tenant; missing fields stay. Idempotent. */
record UpdateTenantRequest(
    @Nullable @Size(max = 1024, message = TenantController.TOO_LONG) @SafeText String name,
    @Nullable Boolean suspended) {
  List<TenantCommand> toCommands(TenantId tenant) {
    var commands = new ArrayList<TenantCommand>();
    if (name != null)
      commands.add(
          new RenameTenant(tenant, FieldParser.parse("/name", name, DisplayName::new), null));
    if (suspended != null)
      commands.add(suspended ? new SuspendTenant(tenant, null) : new ResumeTenant(tenant, null));
    if (commands.isEmpty())
      throw InvalidRequestException.body("", "must contain at least one change");
    return commands;
  }
}
