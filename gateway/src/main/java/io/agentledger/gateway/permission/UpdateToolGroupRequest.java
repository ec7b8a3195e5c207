package io.agentledger.gateway.permission;

import io.agentledger.api.permission.ToolGroupCommand;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;

/** New tools of a tool group. */
record UpdateToolGroupRequest(
    @NotNull(message = "is required")
        @Size(min = 1, max = ToolGroupCommand.TOOLS_MAX, message = "must be 1 to 100 tools")
        List<
                @NotNull(message = ToolGroupController.TOOL)
                @Pattern(regexp = ToolGroupController.TOOLS, message = ToolGroupController.TOOL)
                String>
            tools) {}
