package io.agentledger.command.claude.runner;

import io.agentledger.api.mcp.McpConnection;
import io.agentledger.command.mcp.EverythingServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Program of an MCP server that can be replaced by another one. */
record McpServerProgram(Path file) {
  static McpServerProgram create(String script) throws IOException {
    var file = Files.createTempFile(EverythingServer.directory(), "program", ".mjs");
    file.toFile().deleteOnExit();
    var program = new McpServerProgram(file);
    program.replaceScript(script);
    file.toFile().setReadable(true, false);
    return program;
  }

  static McpServerProgram everything() throws IOException {
    return create("import './node_modules/@modelcontextprotocol/server-everything/dist/index.js';");
  }

  /** Returns a server with one tool, which answers with the result of a JavaScript function. */
  static String withOneTool(String function) {
    return """
        import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
        import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
        const server = new McpServer({ name: 'one', version: '1' });
        const act = %s;
        server.registerTool('one', { description: 'Does one thing.' },
          async () => ({ content: [{ type: 'text', text: await act() }] }));
        await server.connect(new StdioServerTransport());
        """
        .formatted(function);
  }

  McpConnection.Stdio connection() {
    return new McpConnection.Stdio("node", List.of(file.toString(), "stdio"), Map.of());
  }

  void replaceScript(String script) throws IOException {
    Files.writeString(file, script);
  }
}
