/** The widget's look. A site changes it with the `--assistant-…` properties on `<assistant-oim>`. */
export const STYLES = new CSSStyleSheet();
STYLES.replaceSync(`
:host {
  --c: var(--assistant-couleur, #0033a0);
  --on-c: var(--assistant-sur-couleur, #fff);
  --bg: var(--assistant-fond, #fff);
  --fg: var(--assistant-texte, #1a1a1a);
  --soft: var(--assistant-fond-doux, #eef1f7);
  --line: var(--assistant-bord, #5b6472);
  --bad: var(--assistant-erreur, #a4000f);
  --link: var(--assistant-lien, #0033a0);
  direction: ltr; text-align: left; color-scheme: light dark;
  font: 1rem/1.45 var(--assistant-police, system-ui, sans-serif); color: var(--fg);
}
@media (prefers-color-scheme: dark) {
  :host {
    --c: var(--assistant-couleur, #9db8ff); --on-c: var(--assistant-sur-couleur, #10131a);
    --bg: var(--assistant-fond, #14181f); --fg: var(--assistant-texte, #f2f4f8);
    --soft: var(--assistant-fond-doux, #262c37); --line: var(--assistant-bord, #97a1b3);
    --bad: var(--assistant-erreur, #ffb3b8); --link: var(--assistant-lien, #b9ccff);
  }
}
:host([hidden]), [hidden] { display: none !important; }
* { box-sizing: border-box; }
button, input { font: inherit; color: inherit; min-height: 44px; border-radius: .5rem; border: 1px solid var(--line); background: var(--bg); }
button { padding: .25rem .75rem; cursor: pointer; }
button:disabled { opacity: .6; cursor: default; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.launcher, .panel { position: fixed; z-index: 2147483000; inset-block-end: 1rem; right: 1rem; }
:host([position="left"]) :is(.launcher, .panel) { right: auto; left: 1rem; }
.launcher { background: var(--c); color: var(--on-c); border: 2px solid transparent; border-radius: 2rem; padding: .5rem 1.25rem; max-width: calc(100vw - 2rem); }
.panel { display: flex; flex-direction: column; width: min(26rem, calc(100vw - 2rem)); height: min(40rem, calc(100dvh - 2rem)); background: var(--bg); border: 1px solid var(--line); border-radius: .75rem; overflow: hidden; }
header { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; padding: .5rem .75rem; border-block-end: 1px solid var(--line); }
h2 { flex: 1 1 6rem; margin: 0; font-size: 1rem; }
.close { min-width: 44px; font-size: 1.25rem; line-height: 1; }
header a { font-size: .9rem; display: inline-flex; align-items: center; min-height: 44px; }
.quit { background: var(--bad); color: var(--bg); border-color: transparent; font-weight: 600; }
.log { flex: 1 1 auto; min-height: 6rem; overflow-y: auto; padding: .75rem; overflow-wrap: anywhere; }
.log:focus-visible { outline-offset: -3px; }
.said { margin: 0 0 .75rem; padding: .5rem .75rem; border-radius: .75rem; background: var(--soft); max-width: 92%; width: fit-content; }
.person { border: 1px solid var(--link); }
.visitor { margin-inline-start: auto; background: var(--c); color: var(--on-c); }
.said p { margin: 0 0 .35rem; } .said p:last-child { margin: 0; }
.said ul { margin: 0 0 .35rem; padding-inline-start: 1.25rem; }
.source { font-size: .875rem; border-block-start: 1px solid var(--line); padding-block-start: .35rem; margin-block-start: .35rem !important; }
a { color: var(--link); } .visitor a { color: inherit; }
.note { font-size: .9rem; margin: 0 0 .75rem; }
.choices, .rating { display: flex; flex-wrap: wrap; gap: .5rem; margin: 0 0 .75rem; align-items: center; }
.choices button { text-align: start; border-color: var(--link); }
.rating { font-size: .9rem; } .rating p { margin: 0; flex: 1 0 100%; }
.alert { color: var(--bad); margin: 0 0 .75rem; } .alert p { margin: 0 0 .35rem; }
.status { padding: 0 .75rem; min-height: 1.5rem; font-size: .9rem; margin: 0; }
form { display: flex; gap: .5rem; padding: .5rem .75rem; border-block-start: 1px solid var(--line); }
input { flex: 1 1 auto; min-width: 0; padding: .25rem .5rem; font-size: max(1rem, 16px); }
::placeholder { color: var(--line); opacity: 1; }
.send { background: var(--c); color: var(--on-c); border-color: transparent; }
.foot { display: flex; padding: 0 .75rem .5rem; } .foot button { border-color: transparent; text-decoration: underline; font-size: .9rem; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 479px) {
  .panel, :host([position="left"]) .panel { inset: 0; width: 100%; height: 100%; border: 0; border-radius: 0; }
}
@media (max-height: 400px) { .panel { overflow-y: auto; } .log { overflow: visible; } }
@media (forced-colors: active) {
  .launcher, .quit, .send { background: ButtonFace; color: ButtonText; border: 1px solid; -webkit-text-fill-color: ButtonText; }
  .said { background: Canvas; color: CanvasText; border: 1px solid; -webkit-text-fill-color: CanvasText; }
}
@media print {
  .launcher, form, .foot, .rating, .choices, .alert button, header button, .status { display: none !important; }
  .panel { position: static; width: auto; height: auto; border: 0; } .log { overflow: visible; }
  .said { background: none; color: #000; border: 1px solid #000; }
}
`);
