package io.agentledger.gateway.permission;

import io.agentledger.api.permission.ToolGroupCommand;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;

/** Request to create a tool group. */
record CreateToolGroupRequest(
    @NotNull(message = "is required")
        @Pattern(
            regexp = "[a-z0-9][a-z0-9-]{0,63}",
            message = "must be 1 to 64 characters of a-z 0-9 - and not begin with -")
        String name,
    @NotNull(message = "is required")
        @Size(min = 1, max = ToolGroupCommand.TOOLS_MAX, message = "must be 1 to 100 tools")
        List<
                @NotNull(message = ToolGroupController.TOOL)
                @Pattern(regexp = ToolGroupController.TOOLS, message = ToolGroupController.TOOL)
                String>
            tools) {}
