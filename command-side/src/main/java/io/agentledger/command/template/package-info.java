/** Decides about templates, and who may have them. */
@NullMarked
package io.agentledger.command.template;

import org.jspecify.annotations.NullMarked;
