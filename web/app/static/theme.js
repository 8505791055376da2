// Runs before the first paint, so that nobody who chose dark sees a flash of white. The rest is in theme.ts.
{
  const chosen = localStorage.getItem('hansard-theme');
  const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
}
