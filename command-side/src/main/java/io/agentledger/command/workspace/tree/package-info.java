/** New trees of files, made from what nobody vouches for, within limits. */
@NullMarked
package io.agentledger.command.workspace.tree;

import org.jspecify.annotations.NullMarked;
