/** Read models of templates, their versions and usage. */
@NullMarked
package io.agentledger.projection.template;

import org.jspecify.annotations.NullMarked;
