/** Clients of the providers of issues and repositories: comments and pull requests. */
@NullMarked
package io.agentledger.command.flow.provider;

import org.jspecify.annotations.NullMarked;
